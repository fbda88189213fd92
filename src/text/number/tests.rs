//! The table of cases (`rules/tables/number-cases.csv`) and what it cannot say.

use super::*;
use crate::text::sequence::Sequence;

const CASES: &str = include_str!("../../../rules/tables/number-cases.csv");

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn scaled(number: &Number) -> Decimal {
    let mut value = number.best().value;
    for _ in 0..number.multiplier {
        value *= Decimal::TEN;
    }
    value.normalize()
}

fn kinds(text: &str) -> Vec<TokenKind> {
    scan(text, &Habit::default()).into_iter().map(|t| t.kind).collect()
}

fn number_of(kind: &TokenKind) -> Option<&Number> {
    match kind {
        TokenKind::Number(number) | TokenKind::Words(number) => Some(number),
        _ => None,
    }
}

fn check_text(raw: &str, text: &str, kind: &str, value: &str) -> Result<(), String> {
    let tokens = scan(&crate::text::clean::Text::from_line(1, text).clean, &Habit::default());
    let found: Vec<TokenKind> = tokens.iter().map(|t| t.kind.clone()).collect();
    let fail = || Err(format!("{raw} in «{text}»: wanted {kind} {value}, got {found:?}"));
    let figures: Vec<&TokenKind> = found.iter().filter(|k| !matches!(k, TokenKind::Decoy(_))).collect();
    let ok = match kind {
        "none" | "docnum" | "date" => figures.is_empty(),
        "decoy" => found.first().is_some_and(|k| matches!(k, TokenKind::Decoy(d) if format!("{d:?}") == value)) && figures.is_empty(),
        "fraction" => figures.iter().any(|k| {
            matches!(k, TokenKind::Fraction(a, _, b, _) if format!("{}/{}", a.best().value, b.best().value) == value)
        }),
        "range" => figures.iter().any(|k| {
            matches!(k, TokenKind::Range(a, b) if format!("{}..{}", a.best().value, b.best().value) == value)
        }),
        "bound" | "approx" => figures.first().copied().and_then(number_of).is_some_and(|n| {
            scaled(n) == decimal(value) && n.relation != Relation::Equal
        }),
        _ if value == "0" && !raw.contains(|c: char| c.is_ascii_digit()) => figures.contains(&&TokenKind::Zero),
        _ => figures.first().copied().and_then(number_of).is_some_and(|n| {
            scaled(n) == decimal(value).normalize()
                && (kind != "percent" || n.percent)
                && (kind != "money" || n.money)
        }),
    };
    if ok { Ok(()) } else { fail() }
}

fn check_cell(text: &str, unit: &str, kind: &str, value: &str) -> Result<(), String> {
    let unit = unit_kind(unit);
    let clean = crate::text::clean::Text::from_line(1, text).clean;
    let cell = read_cell(&clean, unit, &Habit::default());
    let ok = match (&cell, kind) {
        (CellValue::Blank | CellValue::Placeholder, "none") => true,
        (CellValue::Text, "none") => clean.chars().any(char::is_alphabetic),
        (CellValue::Text, "text") => true,
        (CellValue::Zero, _) => value == "0",
        (CellValue::Fraction(a, _, b, _), "fraction") => format!("{}/{}", a.best().value, b.best().value) == value,
        (CellValue::Number(n, _), "malformed") => {
            n.best().value == decimal(value) && n.best().cue == Cue::Default && n.readings.len() > 1
        }
        (CellValue::Number(n, _), "bound") => n.best().value == decimal(value) && n.relation != Relation::Equal,
        (CellValue::Number(n, _), _) => {
            let power = match unit {
                UnitKind::Money(power) if n.multiplier == 0 && !n.money => power,
                _ => n.multiplier,
            };
            n.best().value.normalize() * decimal(&format!("1{}", "0".repeat(power as usize))) == decimal(value)
        }
        _ => false,
    };
    if ok { Ok(()) } else { Err(format!("cell «{clean}» ({unit:?}): wanted {kind} {value}, got {cell:?}")) }
}

#[test]
fn the_table_of_cases_holds() {
    let mut reader = csv::ReaderBuilder::new().from_reader(CASES.as_bytes());
    let (mut count, mut faults) = (0, Vec::new());
    for row in reader.records() {
        let row = row.unwrap();
        count += 1;
        let result = match &row[1] {
            "cell" => check_cell(&row[3], &row[2], &row[4], &row[5]),
            "domain"
                if code_domain(&row[3]).len() > 1
                    && kinds(&row[3]).iter().all(|k| *k == TokenKind::Decoy(Decoy::CodeDomain)) =>
            {
                Ok(())
            }
            "text" => check_text(&row[0], &row[3], &row[4], &row[5]),
            _ => Err(format!("{row:?}")),
        };
        faults.extend(result.err());
    }
    assert!(faults.is_empty(), "{} of {count} fail:\n{}", faults.len(), faults.join("\n"));
    assert!(count >= 181);
}

/// Text of each token's span with a short name of what it is.
fn spans(text: &str) -> Vec<(String, &str)> {
    let name = |kind: &TokenKind| match kind {
        TokenKind::Number(n) => format!("{}{}", n.best().value, if n.percent { "%" } else { "" }),
        TokenKind::Fraction(a, ..) => format!("{}/", a.best().value),
        TokenKind::Range(a, b) => format!("{}..{}", a.best().value, b.best().value),
        TokenKind::Zero => "zero".into(),
        TokenKind::Words(n) => format!("w{}", n.best().value),
        TokenKind::Decoy(decoy) => format!("{decoy:?}"),
    };
    scan(text, &Habit::default()).into_iter().map(|t| (name(&t.kind), &text[t.span])).collect()
}

fn nouns(text: &str) -> Vec<String> {
    let all = scan(text, &Habit::default());
    all.iter().filter_map(|t| number_of(&t.kind)).map(|n| n.noun.clone()).collect()
}

#[test]
fn spans_hold_the_print() {
    for (text, want) in [
        ("đạt khoảng gần 200 lượt", vec![("200", "khoảng gần 200")]),
        (
            "giao 96,174 tỷ đồng, ước đạt trên 11 tỷ đồng",
            vec![("96.174", "96,174 tỷ đồng"), ("11", "ước đạt trên 11 tỷ đồng")],
        ),
        ("tỷ lệ từ 80% trở lên", vec![("80%", "từ 80% trở lên")]),
        ("số hóa 1430/1478= 96,75%", vec![("1430/", "1430/1478"), ("96.75%", "96,75%")]),
        ("gồm 17 xã/ 22 xã", vec![("17/", "17 xã/ 22")]),
        ("cấp 05 (năm) bộ máy tính", vec![("5", "05 (năm)")]),
        ("từ 30% - 50% thời gian", vec![("30..50", "từ 30% - 50%")]),
        ("2 đến 3 ngày", vec![("2..3", "2 đến 3")]),
        ("tăng từ 70% lên 85%", vec![("70%", "70%"), ("85%", "85%")]),
        ("ngày 02/6 đến ngày 05/6/2023", vec![("Date", "02/6"), ("Date", "05/6/2023")]),
        ("Kế hoạch số 05/KH- UBND ngày 1/2/2023", vec![("DocumentNumber", "05/KH- UBND"), ("Date", "1/2/2023")]),
        ("6 tháng đầu năm 2023 có 5 đơn", vec![("Period", "6 tháng đầu năm 2023"), ("5", "5")]),
        ("mức độ 3, 4 đạt 50%", vec![("ServiceLevel", "3"), ("ServiceLevel", "4"), ("50%", "50%")]),
        ("mức độ 3, 12 thủ tục", vec![("ServiceLevel", "3"), ("12", "12")]),
        ("năm 2021, 2022 và 2023", vec![("Year", "2021"), ("Year", "2022"), ("Year", "2023")]),
        ("đến năm 2025 có 2015 hồ sơ", vec![("Year", "2025"), ("2015", "2015")]),
        ("hai mươi mốt xã và 03 phường", vec![("w21", "hai mươi mốt"), ("3", "03")]),
        ("không có hồ sơ trễ hạn, còn 5 hồ sơ", vec![("zero", "không có"), ("5", "5")]),
        ("không để xảy ra trường hợp nào", vec![("zero", "không để xảy ra")]),
        ("thực hiện trên 05 lĩnh vực", vec![("5", "05")]),
        ("đạt trên 05 bài", vec![("5", "trên 05")]),
        ("tin: 12; bài: 7", vec![("12", "12"), ("7", "7")]),
        ("dài 1,5 km, rộng 40 m2", vec![("1.5", "1,5"), ("40", "40"), ("PartOfWord", "2")]),
        ("Điện thoại: 0203.822.123 - 15 máy", vec![("Address", "0203.822.123"), ("15", "15")]),
        ("xếp thứ 12 toàn tỉnh", vec![("12", "12")]),
        ("lần thứ 3 trong năm", vec![("Ordinal", "3")]),
        ("BIỂU MẤU 5", vec![("FormName", "5")]),
        ("phu lục 2: 14 dòng", vec![("FormName", "2"), ("14", "14")]),
    ] {
        let got = spans(text);
        let got: Vec<(&str, &str)> = got.iter().map(|(name, span)| (name.as_str(), *span)).collect();
        assert_eq!(got, want, "{text}");
    }
}

#[test]
fn nouns_end_where_the_clause_goes_on() {
    for (text, want) in [
        ("có 20 cán bộ, công chức và 05 công an chính quy", vec!["cán bộ, công chức", "công an chính quy"]),
        ("tiếp nhận 1.815 hồ sơ, đã giải quyết 1.813 hồ sơ đúng hạn", vec!["hồ sơ", "hồ sơ đúng hạn"]),
        ("tại 22 xã, thị trấn của huyện", vec!["xã, thị trấn"]),
        ("100% TTHC được công khai", vec!["TTHC"]),
        ("ban hành 02 kế hoạch về tuyên truyền", vec!["kế hoạch"]),
        ("giao 1.476 số người làm việc", vec!["số người làm việc"]),
        ("còn 12 đang xử lý", vec![""]),
    ] {
        assert_eq!(nouns(text), want, "{text}");
    }
}

#[test]
fn cues_are_recorded() {
    let first = |text: &str, habit: Habit| match scan(text, &habit).remove(0).kind {
        TokenKind::Number(n) => n,
        other => panic!("{text}: {other:?}"),
    };
    let plain = Habit::default();
    let by_noun = first("có 1.815 hồ sơ", plain);
    assert_eq!((by_noun.best().cue, by_noun.readings.len()), (Cue::Unit, 2));
    assert_eq!(by_noun.readings[1].value, decimal("1.815"));
    assert_eq!(first("là 1.815;", plain).best().cue, Cue::Tail);
    let vi = Habit { dot_thousands: 9, comma_decimal: 9, ..plain };
    assert_eq!(first("là 1.815;", vi).best().cue, Cue::Habit);
    let en = Habit { comma_thousands: 9, dot_decimal: 9, ..plain };
    assert_eq!(first("là 1.815;", en).best().value, decimal("1.815"));
    assert_eq!(first("là 1,815;", en).best().value, decimal("1815"));
    assert_eq!(first("có 8O.O7O hồ sơ", plain).best().cue, Cue::Repair);
    assert_eq!(first("đạt 12.345%", plain).best().value, decimal("12.345"));
}

#[test]
fn a_document_shows_its_habit() {
    let mut habit = Habit::default();
    for text in
        ["1.815 hồ sơ, 12.345.678 đồng", "đạt 95,23%", "ngày 5.7.2021", "Điều 2.1", "2.1. Kết quả", "Số 12/BC", "3.4"]
    {
        habit.observe(text);
    }
    assert_eq!(habit, Habit { dot_thousands: 2, comma_decimal: 1, dot_decimal: 0, ..Habit::default() });
    assert_eq!(habit.style(), "vi");
    habit.observe("74 73.1");
    assert_eq!(habit.style(), "mixed");
    assert_eq!(Habit { comma_thousands: 4, ..Habit::default() }.style(), "en");
    assert_eq!(Habit::default().style(), "vi");
}

#[test]
fn cells() {
    let cell = |text: &str, unit: &str| read_cell(text, unit_kind(unit), &Habit::default());
    assert_eq!(cell(" \u{a0} ", "Hồ sơ"), CellValue::Blank);
    assert_eq!(cell("......", ""), CellValue::Blank);
    assert_eq!(cell("Tỷ lệ %", ""), CellValue::Placeholder);
    assert_eq!(cell("Không", "Có = 1; Không = 0"), CellValue::Text);
    assert_eq!(cell("Không", "Hồ sơ"), CellValue::Zero);
    for text in [
        "Đạt",
        "x",
        "15/6/2023",
        "3/2023",
        "(5)",
        "12 15",
        "1478/1478= 100%",
        "20 người, trong đó 5 nữ",
        "22/22 (100%)",
    ] {
        assert_eq!(cell(text, ""), CellValue::Text, "{text}");
    }
    let number = |text: &str, unit: &str| match cell(text, unit) {
        CellValue::Number(n, span) => (n.best().value.to_string(), text[span].to_string(), n.noun, n.negative),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(number("20 người", ""), ("20".into(), "20".into(), "người".into(), false));
    assert_eq!(number("-5", "Điểm"), ("5".into(), "-5".into(), String::new(), true));
    assert_eq!(number("> 90", "%").1, "> 90");
    assert_eq!(number("1.813.;", "Hồ sơ").1, "1.813");
    assert_eq!(number("2023", "Hồ sơ").0, "2023");
    assert_eq!(number("150 trđ", "").1, "150 trđ");
    assert_eq!(number("18.5", "Điểm").0, "18.5");
}

/// Every digit of every text lies in one token, tokens are in order and apart, and nothing panics.
#[test]
fn every_digit_is_accounted_for() {
    let parts = [
        "1.815",
        "95,23%",
        "22/39",
        " hồ sơ",
        " xã",
        "/",
        "-",
        " ",
        " ",
        ", ",
        ".",
        ":",
        "(",
        ")",
        "[",
        "]",
        "ngày ",
        "tháng ",
        "năm ",
        "quý ",
        "2023",
        "31/3",
        "02/6/2023",
        "KH-UBND",
        "/QĐ-UBND",
        "số ",
        "Điều ",
        "mức độ ",
        "thứ ",
        "từ ",
        " đến ",
        " trở lên",
        "trên ",
        "%",
        " triệu đồng",
        "05",
        "3",
        "O",
        "l",
        "S.",
        "không có",
        " hai mươi",
        " năm",
        "m2",
        "=",
        "Có = 1",
        "ISO 9001",
        "1 815",
        "0912.345.678",
        "a",
        "Đ",
        "…",
        "’",
        "30c",
        "7h30",
        " giờ 00",
        "1.2.3",
        "\u{a0}",
        "Q1",
        "http://a.vn/1",
        "x@y1.z",
        "12345678901234567890123",
        "II",
        "(năm)",
        "phần trăm",
        " tỷ",
        " lệ",
        "đ",
        "–",
    ];
    let mut random = Sequence(7);
    let mut next = |most: usize| random.below(most);
    for _ in 0..20_000 {
        let text: String = (0..next(9) + 1).map(|_| parts[next(parts.len())]).collect();
        let tokens = scan(&text, &Habit::default());
        assert!(tokens.windows(2).all(|w| w[0].span.end <= w[1].span.start), "{text}: {tokens:?}");
        for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            assert!(tokens.iter().any(|t| t.span.contains(&at)), "{text} at {at}: {tokens:?}");
        }
        for token in &tokens {
            assert!(text.get(token.span.clone()).is_some(), "{text}: {token:?}");
            assert!(number_of(&token.kind).is_none_or(|n| !n.readings.is_empty()));
        }
        for unit in [UnitKind::Unknown, UnitKind::Count, UnitKind::Percent, UnitKind::Money(6)] {
            if let CellValue::Number(_, span) = read_cell(&text, unit, &Habit::default()) {
                assert!(text.get(span).is_some(), "{text}");
            }
        }
        let _ = (unit_kind(&text), code_domain(&text), crate::text::period::parse_period(&text, Some(2023)));
        let _ = (crate::text::period::parse_column_period(&text, None), crate::text::period::parse_date(&text));
        let _ = crate::text::period::parse_context_period(&text, text.len() / 2, None, None);
    }
}

/// Lines built to be slow stay linear.
#[test]
fn hostile_lines_cost_little() {
    let started = std::time::Instant::now();
    for piece in [
        "1",
        "1/",
        "1.",
        "12 ",
        "(1",
        "1=",
        "không ",
        "một ",
        "http://1",
        "a1",
        "1-",
        "số 1 ",
        "từ 1 đến ",
        "O1l.",
        "tháng 1 năm ",
        "1 đến ",
    ] {
        let text = piece.repeat(60_000 / piece.len());
        let _ = scan(&text, &Habit::default());
        let _ = read_cell(&text, UnitKind::Count, &Habit::default());
        let _ = crate::text::period::parse_period(&text, None);
        let _ = crate::text::fold::fold_placed(&crate::text::clean::Text::from_line(1, &text).clean);
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

//! One slip at a time in a report that is in order: how often it is noticed and located, and that the answer is quick.

use super::fixture::*;
use crate::check::edits;
use crate::check::interval::Print;
use crate::model::Link;
use crate::rules::RuleSet;
use rust_decimal::Decimal;

fn report() -> (Doc, RuleSet) {
    let doc = Doc::new()
        .say_as("21.082", "tổng số hồ sơ đã giải quyết", "hồ sơ", "resolved", "", &[])
        .say_as("19.925", "trước hạn", "hồ sơ", "early", "", &[Link::PartOf(1)])
        .say("94,51%", "chiếm", "%", &[Link::PercentOf(1), Link::Base(2)])
        .say_as("916", "đúng hạn", "hồ sơ", "ontime", "", &[Link::PartOf(3)])
        .say("4,34%", "chiếm", "%", &[Link::PercentOf(1), Link::Base(4)])
        .say_as("241", "trễ hạn", "hồ sơ", "late", "", &[Link::PartOf(5)])
        .say("1,14%", "chiếm", "%", &[Link::PercentOf(1), Link::Base(6)])
        .share("729", "1675", "43,52%", "hồ sơ trực tuyến", "hồ sơ")
        .table(
            "1 | Tổng số TTHC | Thủ tục | 464 | catalog
             1.1 | Số TTHC cấp huyện | Thủ tục | 343 | catalog | district
             1.2 | Số TTHC cấp xã | Thủ tục | 121 | catalog | commune
             2 | Tỷ lệ hoàn thành kế hoạch | % | 56,41 | plan.rate
             2.1 | Số nhiệm vụ đề ra | Nhiệm vụ | 39 | plan.total
             2.2 | Số nhiệm vụ đã hoàn thành | Nhiệm vụ | 22 | plan.done
             3 | Số hồ sơ đã giải quyết | Hồ sơ | 21.082 | resolved
             3.1 | Trước hạn | Hồ sơ | 19.925 | early
             3.2 | Đúng hạn | Hồ sơ | 916 | ontime
             3.3 | Trễ hạn | Hồ sơ | 241 | late",
        );
    (doc, rules(vec![("ratio/plan", ratio("plan.rate", "plan.done", &["plan.total"]))]))
}

/// Prints another value in place of a figure.
fn set(doc: &mut Doc, fact: usize, value: Decimal) {
    let f = &mut doc.x.facts[fact];
    (f.number, f.value) = (Some(value), Some(value));
    for reading in &mut f.readings {
        reading.value = value;
    }
    f.raw = value.to_string().replace('.', ",");
}

#[test]
fn slips_are_noticed_and_located() {
    let (clean, rules) = report();
    silent_with(&clean, &rules);
    let (mut made, mut noticed, mut right, mut wrong) = (0u32, 0u32, 0u32, 0u32);
    for fact in 0..clean.x.facts.len() {
        let print = Print::of(&clean.x.facts[fact]).expect("a value");
        // What still fits the print no arithmetic can tell.
        let tells = |v: &Decimal| !v.is_zero() && (*v - print.value).abs() >= print.unit;
        for value in edits::neighbours(print).into_iter().map(|p| p.value).filter(tells).step_by(3) {
            let (mut doc, _) = report();
            set(&mut doc, fact, value);
            made += 1;
            let warnings = doc.check_with(&rules);
            noticed += u32::from(!warnings.is_empty());
            let alarms = alarms(&warnings);
            right += u32::from(alarms.iter().any(|w| w.suspect == Some(fact)));
            wrong += u32::from(alarms.iter().any(|w| w.suspect.is_some_and(|s| s != fact) && w.confidence >= 0.8));
        }
    }
    println!("{made} slips: {noticed} noticed, {right} located, {wrong} wrong and sure");
    assert!(made > 400);
    assert!(noticed * 100 >= made * 97, "{noticed} of {made} noticed");
    assert!(right * 100 >= made * 70, "{right} of {made} located");
    assert!(wrong * 100 <= made, "{wrong} of {made} wrong and sure");
}

#[test]
fn many_figures_take_little_time() {
    let mut rows = String::new();
    for i in 1..=400 {
        rows.push_str(&format!(
            "{i} | Tổng số hồ sơ | Hồ sơ | 10 | t{i}\n{i}.1 | Đúng hạn | Hồ sơ | 7\n{i}.2 | Trễ hạn | Hồ sơ | 4\n"
        ));
    }
    let doc = Doc::new().table(&rows);
    let start = std::time::Instant::now();
    let warnings = doc.check();
    assert_eq!(alarms(&warnings).len(), 400);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

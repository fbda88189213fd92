//! Each fault is provoked once, with its place.

use super::*;
use crate::rules::load::read;
use crate::rules::place::Source;

const INDICATORS: &str = r#"
[[indicator]]
id = "steering.tasks.total"
vi = "Nhiệm vụ"
en = "tasks"
brief = "All tasks."
unit = "nhiệm vụ"
kind = "count"
dims = ["body"]

[[indicator]]
id = "steering.tasks.rate"
vi = "Tỷ lệ"
en = "rate"
brief = "Done of all."
unit = "%"
kind = "percent"
"#;

/// Messages with `line:column`, for one file beside the two indicators above.
fn faults(path: &str, text: &str) -> Vec<String> {
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let mut sources = vec![source(path, text)];
    if path != "indicators/steering.toml" {
        sources.push(source("indicators/steering.toml", INDICATORS));
    }
    let (draft, broken) = read(sources);
    assert_eq!(broken, []);
    lint(&draft).into_iter().map(|f| format!("{}:{} {}", f.line, f.column, f.message)).collect()
}

fn form(rows: &str) -> Vec<String> {
    faults("forms/F.toml", &format!("id='F'\ntitles=['Mẫu F']\nsource='thư'\n{rows}"))
}

#[test]
fn indicators_need_ids_of_their_file_names_and_fitting_units() {
    let bad = INDICATORS.replace("steering.tasks.total", "Steering.Tasks").replace("\"%\"", "\"phần trăm\"");
    let found = faults("indicators/steering.toml", &bad);
    assert_eq!(found, ["3:6 `Steering.Tasks` is no id", "16:8 a percent is given in `%`, not in `phần trăm`"]);
    let twice = format!("{INDICATORS}{}", INDICATORS.replace("All tasks.", ""));
    assert_eq!(
        faults("indicators/steering.toml", &twice),
        [
            "20:6 `steering.tasks.total` is registered twice",
            "23:9 `brief` is empty",
            "29:6 `steering.tasks.rate` is registered twice"
        ]
    );
    let elsewhere = faults("indicators/finance.toml", &INDICATORS.replace("steering.tasks.rate", "steering.other"));
    assert!(elsewhere.iter().any(|f| f.contains("stands in the file of the field `finance`")), "{elsewhere:?}");
}

#[test]
fn rows_need_known_parents_labels_and_a_meaning_or_a_reason() {
    assert_eq!(form("[[row]]\nkey='1'\nlabel='Nhiệm vụ'\nindicator='steering.tasks.total'"), [""; 0]);
    assert_eq!(form("[[row]]\nkey='1'\nlabel='Nhiệm vụ'"), ["4:1 row `1` reports nothing and does not say why"]);
    assert_eq!(
        form("[[row]]\nkey='1'\nlabel=' '\nwhy='heading'\n[[row]]\nkey='2'\nparent='9'\nlabel='B'\nwhy='heading'"),
        ["6:7 the label is empty", "10:8 no row has the key `9`"]
    );
    let cycle = form(
        "[[row]]\nkey='1'\nparent='2'\nlabel='A'\nwhy='heading'\n[[row]]\nkey='2'\nparent='1'\nlabel='B'\nwhy='heading'",
    );
    assert_eq!(cycle, ["6:8 row `1` is below itself", "11:8 row `2` is below itself"]);
    let unknown = form(
        "[[row]]\nkey='1'\nlabel='A'\nindicator='steering.tasks.totl'\n[[row]]\nkey='1'\nlabel='B'\nwhy='heading'",
    );
    assert_eq!(unknown, ["9:5 two rows have the key `1`", "7:11 unknown indicator `steering.tasks.totl`"]);
    let dims = form("[[row]]\nkey='1'\nlabel='A'\nindicator='steering.tasks.rate'\ndims={body='council'}");
    assert_eq!(dims, ["8:12 `steering.tasks.rate` has no dimension `body`"]);
}

#[test]
fn twin_labels_may_not_mean_two_things() {
    let two = "[[row]]\nkey='1'\nlabel='Cấp Xã'\nindicator='steering.tasks.total'\n[[row]]\nkey='2'\nlabel='cấp xã'\nindicator='steering.tasks.rate'";
    assert_eq!(form(two), ["10:7 rows `1` and `2` have the same label and parent but report different things"]);
    assert_eq!(form(&two.replace("tasks.rate", "tasks.total")), [""; 0]);
    assert_eq!(form(&two.replace("key='2'", "key='2'\nparent='1'")), [""; 0], "under another parent it is another row");
}

#[test]
fn phrases_need_a_target_a_cue_and_examples() {
    let good = "[[phrase]]\nid='tasks'\ncount='steering.tasks.total'\nrate='steering.tasks.rate'\nown=['giao']\nhit=['giao «5» việc']\nmiss=['giao «5» người']";
    assert_eq!(faults("phrases/steering.toml", good), [""; 0]);
    let bare = faults("phrases/steering.toml", "[[phrase]]\nid='Tasks'\nhit=['giao 5 việc']");
    assert_eq!(
        bare,
        [
            "3:6 no form, phrase or check uses `steering.tasks.total`",
            "12:6 no form, phrase or check uses `steering.tasks.rate`",
            "2:4 `Tasks` is no phrase id",
            "1:1 phrase `Tasks` maps to nothing",
            "1:1 phrase `Tasks` has no cue",
            "3:6 the example does not mark its figure",
            "1:1 phrase `Tasks` has no `miss` example",
        ]
    );
    let swapped = good.replace("count=", "x=").replace("rate=", "count=").replace("x=", "rate=");
    assert_eq!(faults("phrases/steering.toml", &swapped).len(), 2);
}

#[test]
fn a_checks_examples_must_behave() {
    let check = |tail: &str| {
        let text = "[[check]]\nid='range/rate'\nseverity='error'\nrange={indicator='steering.tasks.rate', low=0, high=100}\n\
                    vi='{value} ngoài khoảng {low}–{high}'\nen='{value} is outside'\n";
        faults("checks/steering.toml", &format!("{text}{tail}"))
    };
    assert_eq!(check("holds='value=5'\nfails='value=101'"), [""; 0]);
    assert_eq!(check("holds='value=101'\nfails='value=101'"), ["7:7 the figures of `holds` break the relation"]);
    assert_eq!(check("holds='value=1'\nfails='value=2'"), ["8:7 the figures of `fails` satisfy the relation"]);
    assert_eq!(check("holds='value=1'"), ["1:1 check `range/rate` has no `fails` example"]);
    assert_eq!(
        check("holds='rate=1'\nfails='value=x'"),
        ["7:7 the relation has no figure `rate`", "8:7 `value=x` is no figure"]
    );
    let names = faults(
        "checks/steering.toml",
        "[[check]]\nid='sum/rate'\nseverity='error'\nrange={indicator='steering.tasks.rat', low=0}\nvi='{total}'\nen='x'\nholds='value=0'\nfails='value=-1'",
    );
    assert_eq!(
        names,
        [
            "2:4 `sum/rate` is no id for a range check",
            "4:18 unknown indicator `steering.tasks.rat`",
            "5:4 nothing fills in {total}"
        ]
    );
}

#[test]
fn a_long_chain_of_parents_is_followed_in_bounded_time() {
    let rows: String = (0..2000)
        .map(|n| format!("[[row]]\nkey='{n}'\nparent='{}'\nlabel='L{n}'\nwhy='heading'\n", (n + 1) % 2000))
        .collect();
    assert_eq!(form(&rows).len(), 2000);
}

//! Errors of all kinds, one at a time, in our own reports: a short run of the bench in `scripts/mutation`, with the same seed every
//! time. A change of the checker that notices less, or accuses more figures wrongly, fails here.

use baocao::cli::adapter;
use baocao::map::Mapper;

#[path = "../scripts/mutation/bench.rs"]
mod bench;

#[test]
fn errors_are_noticed_located_and_seldom_blamed_on_others() {
    let rules = adapter::rules(None).expect("sound rules");
    let outcome = bench::run(&[bench::corpus()], 320, 1, &Mapper::new(&rules));
    let shown = format!("\n{}\n{}", bench::table(&outcome), outcome.details.join("\n"));
    let all = outcome.all;
    assert_eq!(all.injected, 320, "{shown}");
    assert!(all.noticed * 100 >= all.injected * 96, "{shown}");
    assert!(all.located * 100 >= all.injected * 80, "{shown}");
    assert!(all.sure * 100 <= all.injected * 2, "{shown}");
    let two = outcome.two;
    assert!(two.injected >= 100, "{shown}");
    assert!(two.located * 100 >= two.injected * 95, "{shown}");
}

#[test]
fn reports_in_order_get_no_warning() {
    let rules = adapter::rules(None).expect("sound rules");
    // As corpus/README.md says which of them are in order.
    let clean = [
        "01-commune-year",
        "02-district-half",
        "07-ward-year",
        "08-district-nine-months",
        "11-town-ocr",
        "14-commune-unicode",
        "17-commune-merged",
        "19-department-quarter",
        "22-commune-window",
        "25-ward-2012",
        "28-commune-quarter-south",
        "31-district-nine-months",
        "34-district-quarter-fields",
        "37-ward-half",
        "40-commune-drawn",
        "44-new-province-year",
        "47-department-two-styles",
    ];
    let outcome = bench::run(&[bench::corpus()], 0, 1, &Mapper::new(&rules));
    for name in clean {
        let found = outcome.reports.iter().find(|(report, ..)| report == name);
        assert_eq!(found.map(|(_, alarms, _)| *alarms), Some(0), "{name}");
    }
}

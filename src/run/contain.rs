//! A panic of one file must cost that file, not the run: it is caught, kept off the terminal and turned into an error with a code.

use crate::error::ReadError;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Some while this thread works on a file: where the last panic's message goes.
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// Runs `work`; a panic in it becomes `run/panic` with its message and place.
pub fn contained<T>(work: impl FnOnce() -> T) -> Result<T, ReadError> {
    HOOK.call_once(|| {
        let outside = take_hook();
        set_hook(Box::new(move |info| {
            let inside = CAUGHT.with(|caught| match &mut *caught.borrow_mut() {
                Some(message) => {
                    *message = describe(info);
                    true
                }
                None => false,
            });
            if !inside {
                outside(info);
            }
        }));
    });
    CAUGHT.with(|caught| *caught.borrow_mut() = Some(String::new()));
    // What `work` borrowed is dropped with its result: no half-changed state is looked at afterwards.
    let result = catch_unwind(AssertUnwindSafe(work));
    let message = CAUGHT.with(|caught| caught.borrow_mut().take()).unwrap_or_default();
    result.map_err(|_| {
        ReadError::new(
            "run/panic",
            format!("lỗi của chương trình khi đọc tệp này ({message}); hãy báo cho người phát triển"),
            format!("a fault of the program itself while reading this file ({message}); please report it"),
        )
    })
}

/// The panic's message and its file name and line; no folders, which would name the machine that built the program.
fn describe(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let first = message.lines().next().unwrap_or_default();
    let short: String = first.chars().take(200).collect();
    match info.location() {
        Some(place) => {
            let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
            format!("{short} at {file}:{}", place.line())
        }
        None => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_with_its_place() {
        let error = contained(|| -> u32 { panic!("index out of range: {}", 7) }).unwrap_err();
        assert_eq!(error.code, "run/panic");
        assert!(error.message_en.contains("index out of range: 7 at contain.rs:"), "{}", error.message_en);
        assert_eq!(contained(|| 5), Ok(5));
    }
}

//! The pages of the codes: each example shows what the page is about, and what stands there instead does not.

use ringfence::diagnostics::CodePage;
use ringfence::diagnostics::codes::{scaling, service};

use super::codes;

fn assert_examples(pages: &[CodePage]) {
    for page in pages {
        let shown = codes(page.example);
        assert!(shown.contains(&page.code.0), "{}: the example shows only {shown:?}", page.code);
        let left = codes(page.instead);
        assert!(!left.contains(&page.code.0), "{}: it is still wrong instead", page.code);
    }
}

#[test]
fn every_page_about_services_shows_what_it_says() {
    assert_examples(service::PAGES);
}

#[test]
fn every_page_about_scaling_shows_what_it_says() {
    assert_examples(scaling::PAGES);
}

//! How far the reading is, on a terminal and when there is much to read.

#[cfg(not(target_family = "wasm"))]
mod bar {
    use indicatif::{ProgressBar, ProgressStyle};

    /// With fewer files, reading is over before anybody has seen a bar.
    const MANY: u64 = 20;

    /// A bar on standard error. It is never drawn where no terminal shows it.
    #[derive(Debug)]
    pub(in super::super) struct Progress(ProgressBar);

    impl Progress {
        /// Begins with so many files to read.
        pub(in super::super) fn start(files: usize) -> Self {
            let bar = ProgressBar::hidden();
            bar.set_length(files as u64);
            let progress = Self(bar);
            progress.show();
            progress
        }

        /// Notes that so many more files are to be read.
        pub(in super::super) fn expect(&self, files: usize) {
            self.0.inc_length(files as u64);
            self.show();
        }

        /// Notes that a file was read.
        pub(in super::super) fn step(&self) {
            self.0.inc(1);
        }

        fn show(&self) {
            if self.0.is_hidden() && self.0.length().is_some_and(|length| length >= MANY) {
                if let Ok(style) = ProgressStyle::with_template("reading {bar:40} {pos} of {len} files") {
                    self.0.set_style(style);
                }
                self.0.set_draw_target(indicatif::ProgressDrawTarget::stderr());
            }
        }
    }

    impl Drop for Progress {
        fn drop(&mut self) {
            self.0.finish_and_clear();
        }
    }
}

#[cfg(target_family = "wasm")]
mod bar {
    /// There is no terminal to draw on.
    #[derive(Debug)]
    pub(in super::super) struct Progress;

    impl Progress {
        /// Begins with so many files to read.
        pub(in super::super) fn start(_files: usize) -> Self {
            Self
        }

        /// Notes that so many more files are to be read.
        pub(in super::super) fn expect(&self, _files: usize) {}

        /// Notes that a file was read.
        pub(in super::super) fn step(&self) {}
    }
}

pub(super) use bar::Progress;

//! The fuzz targets on a stable compiler: the same functions, with many mutations of specs, templates and hostile texts,
//! which are the same in every run.

#![expect(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "public for the crate whose file this is")]
mod targets;

/// How many texts each target gets.
const TEXTS: usize = 20_000;

/// Of how many texts one is taken for a whole spec, which costs more than reading it.
const WHOLE: usize = 10;

/// Longer texts are cut: it is their pieces that matter.
const LONGEST: usize = 400;

/// What the notations are made of.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ": ",
    ", ",
    "- ",
    "\n",
    "\n  ",
    "\t",
    "\"",
    "'",
    "#",
    "&a ",
    "*a",
    "!Ref ",
    "!Sub ",
    "!GetAtt a.b",
    "<<: ",
    "|",
    ">-",
    "---\n",
    "...",
    "~",
    "null",
    "true",
    "0x1F",
    "1e999",
    "-0",
    ".inf",
    "\\u0000",
    "\u{FEFF}",
    "\u{2028}",
    "${Token[A.1]}",
    "Fn::Join",
    "%YAML 1.2",
    "? ",
    "9223372036854775808",
];

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides.max(1)).expect("few sides")).expect("in range")
    }

    /// A piece of a text, of at most `longest` bytes.
    fn cut<'a>(&mut self, bytes: &'a [u8], longest: usize) -> &'a [u8] {
        let start = self.throw(bytes.len() + 1);
        let length = self.throw(longest.min(bytes.len() - start) + 1);
        &bytes[start..start + length]
    }
}

/// The folders of all that is meant to be read: specs, good and bad, and texts that were made to break readers.
const TEXTS_TO_READ: [&str; 5] =
    ["examples/specs", "tests/corpus/good", "tests/corpus/bad", "tests/corpus/hostile", "tests/corpus/notation"];

/// The folders of templates that are meant to be judged.
const TEXTS_TO_JUDGE: [&str; 2] = ["tests/corpus/rules", "tests/corpus/rules-good"];

/// Every text in some folders, and in the folders in them.
fn seeds(folders: &[&str]) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("a file")).filter(|text| text.len() < 100_000).collect()
}

/// A seed, or a piece of it, after a few changes.
fn mutated(dice: &mut Dice, seeds: &[Vec<u8>], whole: bool) -> Vec<u8> {
    let seed = &seeds[dice.throw(seeds.len())];
    let mut text = if whole { seed.clone() } else { dice.cut(seed, LONGEST).to_vec() };
    for _ in 0..=dice.throw(5) {
        let at = dice.throw(text.len() + 1);
        let end = (at + dice.throw(12)).min(text.len());
        match dice.throw(5) {
            0 => drop(text.splice(at..at, PIECES[dice.throw(PIECES.len())].bytes())),
            1 => drop(text.drain(at..end)),
            2 => {
                let piece = text[at..end].to_vec();
                drop(text.splice(at..at, piece));
            }
            3 => {
                let other = dice.throw(seeds.len());
                let piece = dice.cut(&seeds[other], 40).to_vec();
                drop(text.splice(at..end, piece));
            }
            _ => {
                if let Some(byte) = text.get_mut(at) {
                    *byte ^= 1 << dice.throw(8);
                }
            }
        }
    }
    text
}

fn replay(seed: u64, texts: usize, whole: bool, target: fn(&[u8])) {
    replay_of(&TEXTS_TO_READ, seed, texts, whole, target);
}

fn replay_of(folders: &[&str], seed: u64, texts: usize, whole: bool, target: fn(&[u8])) {
    let seeds = seeds(folders);
    assert!(seeds.len() > 100, "the corpora are there");
    let mut dice = Dice(seed);
    for number in 0..texts {
        let text = mutated(&mut dice, &seeds, whole);
        let survived = std::panic::catch_unwind(|| target(&text)).is_ok();
        assert!(survived, "text {number} of seed {seed}:\n{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn mutated_json_is_read_or_refused() {
    replay(1, TEXTS, false, targets::read_json);
}

#[test]
fn mutated_yaml_is_read_or_refused() {
    replay(2, TEXTS, false, targets::read_yaml);
}

#[test]
fn what_can_be_read_of_mutated_texts_is_written_as_it_was() {
    replay(3, TEXTS, false, targets::write_read);
}

#[test]
fn mutated_specs_become_assemblies_or_errors() {
    replay(4, TEXTS / WHOLE, true, targets::synthesize);
}

#[test]
fn mutated_templates_are_judged_or_refused() {
    replay_of(&TEXTS_TO_JUDGE, 5, TEXTS / (4 * WHOLE), true, targets::judge);
}

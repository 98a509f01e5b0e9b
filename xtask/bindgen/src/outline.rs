//! Makes a WebAssembly module smaller: stores that stand behind one another become calls of shared functions.
//!
//! Compiled Rust moves structures: a `String` is three words, a value of CloudFormation three to eight, and each word that is
//! moved is a load and a store of ten bytes where it is done. What is moved is of a few shapes, so each shape that is frequent
//! becomes a function of its own, which does the same loads and stores in the same order. Its caller gives the addresses, and
//! those values that are not loaded.

mod reader;
mod size;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};
use walrus::ir::{BinaryOp, Const, ExtendedLoad, Instr, InstrSeqId, LoadKind, MemArg, StoreKind, Value};
use walrus::{FunctionBuilder, FunctionId, LocalId, MemoryId, Module, ModuleConfig, ValType};

use reader::runs_of;
use size::{CALL, size_of_address, size_of_all, size_of_offset, size_of_shared};

/// How many stores a shared function has at most: a call with more values than that fills registers.
const LONGEST: usize = 8;

/// How many values are passed to a shared function at most, besides the addresses.
const MOST_PASSED: usize = 6;

/// The module with shared functions in it.
pub(crate) fn outline(module: &[u8]) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new().generate_producers_section(false).parse(module)?;
    let memory = module.memories.iter().next().ok_or_else(|| anyhow!("the module has no memory"))?.id();
    let runs: Vec<Run> = module.funcs.iter_local().flat_map(|(id, function)| runs_of(&module, id, function)).collect();
    let shapes = worthwhile(&runs);
    let functions: BTreeMap<&Shape, FunctionId> =
        shapes.iter().map(|shape| (shape, shared(&mut module, memory, shape))).collect();
    for run in runs.iter().rev() {
        let block = module.funcs.get_mut(run.function).kind.unwrap_local_mut().block_mut(run.block);
        for piece in run.split(&shapes).into_iter().rev() {
            let call = piece.call(&functions);
            let place = piece.statements.first().map_or(0, |first| first.start)
                ..piece.statements.last().map_or(0, |last| last.end);
            let location = block.instrs[place.start].1;
            block.instrs.splice(place, call.into_iter().map(|instr| (instr, location)));
        }
    }
    Ok(module.emit_wasm())
}

/// How many bytes a load or store takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Width {
    One,
    Two,
    Four,
    Eight,
}

impl Width {
    fn stored(kind: StoreKind) -> Option<Self> {
        match kind {
            StoreKind::I32_8 { atomic: false } => Some(Self::One),
            StoreKind::I32_16 { atomic: false } => Some(Self::Two),
            StoreKind::I32 { atomic: false } => Some(Self::Four),
            StoreKind::I64 { atomic: false } => Some(Self::Eight),
            _ => None,
        }
    }

    /// How many bytes are loaded; what the bits above are does not matter to a store of as many.
    fn loaded(kind: LoadKind) -> Option<Self> {
        let is_plain = |kind: ExtendedLoad| !kind.atomic();
        match kind {
            LoadKind::I32_8 { kind } if is_plain(kind) => Some(Self::One),
            LoadKind::I32_16 { kind } if is_plain(kind) => Some(Self::Two),
            LoadKind::I32 { atomic: false } => Some(Self::Four),
            LoadKind::I64 { atomic: false } => Some(Self::Eight),
            _ => None,
        }
    }

    const fn store(self) -> StoreKind {
        match self {
            Self::One => StoreKind::I32_8 { atomic: false },
            Self::Two => StoreKind::I32_16 { atomic: false },
            Self::Four => StoreKind::I32 { atomic: false },
            Self::Eight => StoreKind::I64 { atomic: false },
        }
    }

    const fn load(self) -> LoadKind {
        match self {
            Self::One => LoadKind::I32_8 { kind: ExtendedLoad::ZeroExtend },
            Self::Two => LoadKind::I32_16 { kind: ExtendedLoad::ZeroExtend },
            Self::Four => LoadKind::I32 { atomic: false },
            Self::Eight => LoadKind::I64 { atomic: false },
        }
    }

    const fn value(self) -> ValType {
        if matches!(self, Self::Eight) { ValType::I64 } else { ValType::I32 }
    }
}

/// What is stored.
#[derive(Clone, Debug)]
enum Source {
    /// What these instructions give.
    Passed(Vec<Instr>),
    /// What is in memory at an offset from a local, which these instructions give.
    Loaded { base: LocalId, address: Vec<Instr>, offset: u64 },
}

/// A store at an offset from a local, which `target` gives: the instructions from `start` to before `end` of a block.
#[derive(Clone, Debug)]
struct Statement {
    start: usize,
    end: usize,
    base: LocalId,
    target: Vec<Instr>,
    offset: u64,
    width: Width,
    source: Source,
    /// Whether it does more than read locals before it stores, so that nothing may be stored before.
    leads: bool,
}

impl Statement {
    /// How many bytes it takes where it stands.
    fn size(&self) -> usize {
        let source = match &self.source {
            Source::Passed(instrs) => size_of_all(instrs),
            Source::Loaded { address, offset, .. } => size_of_all(address) + 2 + size_of_offset(*offset),
        };
        size_of_all(&self.target) + source + 2 + size_of_offset(self.offset)
    }

    /// The number that is stored, when it is always the same.
    fn number(&self) -> Option<i64> {
        match &self.source {
            Source::Passed(instrs) => match instrs.as_slice() {
                [Instr::Const(Const { value: Value::I32(number) })] => Some(i64::from(*number)),
                [Instr::Const(Const { value: Value::I64(number) })] => Some(*number),
                _ => None,
            },
            Source::Loaded { .. } => None,
        }
    }

    /// Whether a local is written before something is stored, but after the target is known.
    fn writes(&self, local: LocalId) -> bool {
        let writes = |instr: &Instr| matches!(instr, Instr::LocalTee(tee) if tee.local == local);
        match &self.source {
            Source::Passed(instrs) => instrs.iter().any(writes),
            Source::Loaded { address, .. } => address.iter().any(writes),
        }
    }
}

/// What a shared function stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Given {
    /// What its caller passes.
    Passed,
    /// What it loads, at an offset from the lowest.
    Loaded(u64),
    /// This number.
    Fixed(i64),
}

/// A store of a shared function: how much, where as an offset from the lowest, and what.
type Part = (Width, u64, Given);

/// What a shared function does.
type Shape = Vec<Part>;

/// Statements that stand directly behind one another and store at offsets from the same local.
struct Run {
    function: FunctionId,
    block: InstrSeqId,
    statements: Vec<Statement>,
}

/// Some of the statements of a run, which may become one call.
struct Piece<'a> {
    statements: &'a [Statement],
    shape: Shape,
    /// What gives the local at offsets from which things are stored, and the lowest offset.
    target: (&'a [Instr], u64),
    /// The same for those that are loaded.
    from: Option<(&'a [Instr], u64)>,
    /// Whether constants are part of the shape, rather than passed.
    fixed: bool,
}

impl<'a> Piece<'a> {
    /// These statements as one call, when all that they load is at offsets from one local, and nothing changes its meaning
    /// when it is read before the first of them stores.
    fn of(statements: &'a [Statement], fixed: bool) -> Option<Self> {
        let (first, others) = statements.split_first()?;
        let lowest = statements.iter().map(|statement| statement.offset).min()?;
        let mut from: Option<(LocalId, &[Instr], u64)> = None;
        let mut passed = 0;
        for statement in statements {
            match &statement.source {
                Source::Passed(_) => passed += usize::from(statement.number().filter(|_| fixed).is_none()),
                Source::Loaded { base, address, offset } => match from {
                    Some((other, ..)) if other != *base => return None,
                    Some((_, address, lowest)) => from = Some((*base, address, lowest.min(*offset))),
                    None => from = Some((*base, address, *offset)),
                },
            }
        }
        // The first address of what is loaded is its own when it loads.
        let is_passed = matches!(first.source, Source::Passed(_));
        let is_moved = first.writes(first.base) || is_passed && from.is_some_and(|(local, ..)| first.writes(local));
        if is_moved || passed > MOST_PASSED || others.iter().any(|statement| statement.leads) {
            return None;
        }
        let given = |statement: &Statement| match statement.source {
            Source::Passed(_) => statement.number().filter(|_| fixed).map_or(Given::Passed, Given::Fixed),
            Source::Loaded { offset, .. } => Given::Loaded(offset - from.map_or(0, |(.., lowest)| lowest)),
        };
        let part = |it: &Statement| (it.width, it.offset - lowest, given(it));
        let shape = statements.iter().map(part).collect();
        let from = from.map(|(_, address, lowest)| (address, lowest));
        Some(Self { statements, shape, target: (&first.target, lowest), from, fixed })
    }

    /// What gives each of the values that are passed.
    fn passed(&self) -> impl Iterator<Item = &'a [Instr]> {
        self.statements.iter().zip(&self.shape).filter_map(|(statement, part)| match (&statement.source, part) {
            (Source::Passed(instrs), (_, _, Given::Passed)) => Some(instrs.as_slice()),
            _ => None,
        })
    }

    /// How many bytes a call saves.
    fn gain(&self) -> usize {
        let before: usize = self.statements.iter().map(Statement::size).sum();
        let passed: usize = self.passed().map(size_of_all).sum();
        let addresses = std::iter::once(self.target).chain(self.from).map(size_of_address);
        before.saturating_sub(CALL + addresses.sum::<usize>() + passed)
    }

    fn call(&self, functions: &BTreeMap<&Shape, FunctionId>) -> Vec<Instr> {
        let mut call = Vec::new();
        for (address, offset) in std::iter::once(self.target).chain(self.from) {
            call.extend(address.iter().cloned());
            if offset > 0 {
                let value = Value::I32(u32::try_from(offset).unwrap_or(u32::MAX).cast_signed());
                call.push(Instr::Const(Const { value }));
                call.push(Instr::Binop(walrus::ir::Binop { op: BinaryOp::I32Add }));
            }
        }
        for instrs in self.passed() {
            call.extend(instrs.iter().cloned());
        }
        call.push(Instr::Call(walrus::ir::Call { func: functions[&self.shape] }));
        call
    }
}

impl Run {
    fn pieces(&self, start: usize) -> impl Iterator<Item = Piece<'_>> {
        let rest = &self.statements[start..];
        let each = (1..=rest.len().min(LONGEST)).flat_map(|length| [(length, false), (length, true)]);
        each.filter_map(|(length, fixed)| Piece::of(&rest[..length], fixed))
            .filter(|piece| !piece.fixed || piece.shape.iter().any(|(.., given)| matches!(given, Given::Fixed(_))))
    }

    /// The pieces of these shapes that save the most together.
    fn split(&self, shapes: &BTreeSet<Shape>) -> Vec<Piece<'_>> {
        let count = self.statements.len();
        // For each statement: what can be saved from there on, and the length and kind of the piece that does.
        let mut best = vec![(0, 0, false); count + 1];
        for start in (0..count).rev() {
            best[start] = (best[start + 1].0, 0, false);
            for piece in self.pieces(start).filter(|piece| shapes.contains(&piece.shape)) {
                let length = piece.statements.len();
                let gain = piece.gain() + best[start + length].0;
                if gain > best[start].0 {
                    best[start] = (gain, length, piece.fixed);
                }
            }
        }
        let mut pieces = Vec::new();
        let mut start = 0;
        while start < count {
            let (_, length, fixed) = best[start];
            pieces.extend(Piece::of(&self.statements[start..start + length], fixed));
            start += length.max(1);
        }
        pieces
    }
}

/// A number of 32 bits that was made one of 64 bits.
fn word(number: i64) -> i32 {
    i32::try_from(number).unwrap_or_default()
}

/// The shapes that save more than a function for them takes.
fn worthwhile(runs: &[Run]) -> BTreeSet<Shape> {
    let mut gains: BTreeMap<Shape, usize> = BTreeMap::new();
    for run in runs {
        for piece in (0..run.statements.len()).flat_map(|start| run.pieces(start)) {
            *gains.entry(piece.shape.clone()).or_default() += piece.gain();
        }
    }
    let mut shapes = paying(gains);
    loop {
        let mut gains: BTreeMap<Shape, usize> = BTreeMap::new();
        for piece in runs.iter().flat_map(|run| run.split(&shapes)) {
            *gains.entry(piece.shape.clone()).or_default() += piece.gain();
        }
        let fewer = paying(gains);
        if fewer.len() == shapes.len() {
            return shapes;
        }
        shapes = fewer;
    }
}

fn paying(gains: BTreeMap<Shape, usize>) -> BTreeSet<Shape> {
    gains.into_iter().filter(|(shape, gain)| *gain > size_of_shared(shape)).map(|(shape, _)| shape).collect()
}

/// Adds the function that does what `shape` says.
fn shared(module: &mut Module, memory: MemoryId, shape: &Shape) -> FunctionId {
    let target = module.locals.add(ValType::I32);
    let mut arguments = vec![target];
    let origin =
        shape.iter().any(|(.., given)| matches!(given, Given::Loaded(_))).then(|| module.locals.add(ValType::I32));
    arguments.extend(origin);
    let mut body: Vec<Instr> = Vec::new();
    let get = |local: LocalId| Instr::LocalGet(walrus::ir::LocalGet { local });
    for (width, offset, given) in shape {
        body.push(get(target));
        match (*given, origin, width.value()) {
            (Given::Loaded(offset), Some(origin), _) => {
                let arg = MemArg { align: 1, offset };
                body.push(get(origin));
                body.push(Instr::Load(walrus::ir::Load { memory, kind: width.load(), arg }));
            }
            (Given::Fixed(number), _, ValType::I64) => body.push(Instr::Const(Const { value: Value::I64(number) })),
            (Given::Fixed(number), ..) => body.push(Instr::Const(Const { value: Value::I32(word(number)) })),
            (_, _, kind) => {
                let passed = module.locals.add(kind);
                arguments.push(passed);
                body.push(get(passed));
            }
        }
        let arg = MemArg { align: 1, offset: *offset };
        body.push(Instr::Store(walrus::ir::Store { memory, kind: width.store(), arg }));
    }
    let types: Vec<ValType> = arguments.iter().map(|local| module.locals.get(*local).ty()).collect();
    let mut function = FunctionBuilder::new(&mut module.types, &types, &[]);
    let mut sequence = function.func_body();
    for instr in body {
        sequence.instr(instr);
    }
    function.finish(arguments, &mut module.funcs)
}

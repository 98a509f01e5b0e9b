//! Makes a WebAssembly module smaller: stores that stand behind one another become calls of shared functions.
//!
//! Compiled Rust moves structures: a `String` is three words, a value of CloudFormation three to eight, and each word that is
//! moved is a load and a store of ten bytes where it is done. What is moved is of a few shapes, so each shape that is frequent
//! becomes a function of its own, which does the same loads and stores in the same order. Its caller gives the addresses, and
//! those values that are not loaded.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};
use walrus::ir::{BinaryOp, Const, ExtendedLoad, Instr, InstrSeqId, LoadKind, MemArg, StoreKind, UnaryOp, Value};
use walrus::{FunctionBuilder, FunctionId, LocalFunction, LocalId, MemoryId, Module, ModuleConfig, ValType};

/// How many stores a shared function has at most: a call with more values than that fills registers.
const LONGEST: usize = 8;

/// How many values are passed to a shared function at most, besides the addresses.
const MOST_PASSED: usize = 6;

/// The bytes of a call, of reading a local, and of an addition with an offset of the usual size.
const CALL: usize = 3;
const LOCAL: usize = 2;

/// The module with shared functions in it.
pub(crate) fn outline(module: &[u8]) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new().generate_producers_section(false).parse(module)?;
    let memory = module.memories.iter().next().ok_or_else(|| anyhow!("the module has no memory"))?.id();
    let runs: Vec<Run> = module.funcs.iter_local().flat_map(|(id, function)| runs_of(id, function)).collect();
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
    /// What these instructions give, which only read locals and constants.
    Passed(Vec<Instr>),
    /// What is in memory at an offset from a local.
    Loaded { base: LocalId, offset: u64 },
}

/// A store at an offset from a local: the instructions from `start` to before `end` of a block.
#[derive(Clone, Debug)]
struct Statement {
    start: usize,
    end: usize,
    base: LocalId,
    offset: u64,
    width: Width,
    source: Source,
}

impl Statement {
    /// How many bytes it takes where it stands.
    fn size(&self) -> usize {
        let source = match &self.source {
            Source::Passed(instrs) => size_of_all(instrs),
            Source::Loaded { offset, .. } => LOCAL + 2 + size_of_offset(*offset),
        };
        LOCAL + source + 2 + size_of_offset(self.offset)
    }
}

/// A store of a shared function: where it goes and, when the function loads what it stores, where that is; both as offsets
/// from the lowest ones.
type Part = (Width, u64, Option<u64>);

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
    /// The lowest offset at which something is stored.
    lowest: u64,
    /// The local from which things are loaded, and their lowest offset.
    from: Option<(LocalId, u64)>,
}

impl<'a> Piece<'a> {
    /// These statements as one call, when all that they load is at offsets from one local.
    fn of(statements: &'a [Statement]) -> Option<Self> {
        let lowest = statements.iter().map(|statement| statement.offset).min()?;
        let mut from: Option<(LocalId, u64)> = None;
        let mut passed = 0;
        for statement in statements {
            match statement.source {
                Source::Passed(_) => passed += 1,
                Source::Loaded { base, offset } => match from {
                    Some((other, _)) if other != base => return None,
                    Some((_, lowest)) => from = Some((base, lowest.min(offset))),
                    None => from = Some((base, offset)),
                },
            }
        }
        let source = |source: &Source| match source {
            Source::Passed(_) => None,
            Source::Loaded { offset, .. } => Some(offset - from.map_or(0, |(_, lowest)| lowest)),
        };
        let part = |it: &Statement| (it.width, it.offset - lowest, source(&it.source));
        let shape = statements.iter().map(part).collect();
        (passed <= MOST_PASSED).then_some(Self { statements, shape, lowest, from })
    }

    /// How many bytes a call saves.
    fn gain(&self) -> usize {
        let before: usize = self.statements.iter().map(Statement::size).sum();
        let passed = |statement: &Statement| match &statement.source {
            Source::Passed(instrs) => size_of_all(instrs),
            Source::Loaded { .. } => 0,
        };
        let passed: usize = self.statements.iter().map(passed).sum();
        let from = self.from.map_or(0, |(_, lowest)| size_of_address(lowest));
        before.saturating_sub(CALL + size_of_address(self.lowest) + from + passed)
    }

    fn call(&self, functions: &BTreeMap<&Shape, FunctionId>) -> Vec<Instr> {
        let mut call = Vec::new();
        let base = self.statements.first().map(|statement| (statement.base, self.lowest));
        for (local, offset) in base.into_iter().chain(self.from) {
            call.push(Instr::LocalGet(walrus::ir::LocalGet { local }));
            if offset > 0 {
                let value = Value::I32(u32::try_from(offset).unwrap_or(u32::MAX).cast_signed());
                call.push(Instr::Const(Const { value }));
                call.push(Instr::Binop(walrus::ir::Binop { op: BinaryOp::I32Add }));
            }
        }
        for statement in self.statements {
            if let Source::Passed(instrs) = &statement.source {
                call.extend(instrs.iter().cloned());
            }
        }
        call.push(Instr::Call(walrus::ir::Call { func: functions[&self.shape] }));
        call
    }
}

impl Run {
    fn pieces(&self, start: usize) -> impl Iterator<Item = Piece<'_>> {
        let rest = &self.statements[start..];
        (1..=rest.len().min(LONGEST)).filter_map(|length| Piece::of(&rest[..length]))
    }

    /// The pieces of these shapes that save the most together.
    fn split(&self, shapes: &BTreeSet<Shape>) -> Vec<Piece<'_>> {
        let count = self.statements.len();
        // For each statement: what can be saved from there on, and the length of the piece that does.
        let mut best = vec![(0, 0); count + 1];
        for start in (0..count).rev() {
            best[start] = (best[start + 1].0, 0);
            for piece in self.pieces(start).filter(|piece| shapes.contains(&piece.shape)) {
                let length = piece.statements.len();
                let gain = piece.gain() + best[start + length].0;
                if gain > best[start].0 {
                    best[start] = (gain, length);
                }
            }
        }
        let mut pieces = Vec::new();
        let mut start = 0;
        while start < count {
            let length = best[start].1;
            pieces.extend(Piece::of(&self.statements[start..start + length]).filter(|_| length > 0));
            start += length.max(1);
        }
        pieces
    }
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
    let origin = shape.iter().any(|(_, _, from)| from.is_some()).then(|| module.locals.add(ValType::I32));
    arguments.extend(origin);
    let mut body: Vec<Instr> = Vec::new();
    let get = |local: LocalId| Instr::LocalGet(walrus::ir::LocalGet { local });
    for (width, offset, from) in shape {
        body.push(get(target));
        match (from, origin) {
            (Some(offset), Some(origin)) => {
                let arg = MemArg { align: 1, offset: *offset };
                body.push(get(origin));
                body.push(Instr::Load(walrus::ir::Load { memory, kind: width.load(), arg }));
            }
            _ => {
                let passed = module.locals.add(width.value());
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

/// What is on the stack while a block is read: the instructions from `start` to before `end` that give it, and what it is.
struct Operand {
    start: usize,
    end: usize,
    kind: Kind,
}

enum Kind {
    Local(LocalId),
    Loaded {
        base: LocalId,
        offset: u64,
        width: Width,
    },
    /// Reads locals and constants and cannot fail.
    Pure,
}

/// The runs of a function that have something to save.
fn runs_of(id: FunctionId, function: &LocalFunction) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open = vec![function.entry_block()];
    while let Some(block) = open.pop() {
        let mut reader = Reader { instrs: &function.block(block).instrs, stack: Vec::new(), statements: Vec::new() };
        for at in 0..reader.instrs.len() {
            inner_blocks(&reader.instrs[at].0, &mut open);
            reader.step(at);
        }
        let same = |one: &Statement, next: &Statement| one.end == next.start && one.base == next.base;
        let parts = reader.statements.chunk_by(same);
        runs.extend(parts.map(|part| Run { function: id, block, statements: part.to_vec() }));
    }
    // Later ones first within a block, so that places stay right while calls take the place of statements.
    runs
}

fn inner_blocks(instr: &Instr, open: &mut Vec<InstrSeqId>) {
    match instr {
        Instr::Block(block) => open.push(block.seq),
        Instr::Loop(block) => open.push(block.seq),
        Instr::IfElse(branches) => open.extend([branches.consequent, branches.alternative]),
        _ => {}
    }
}

struct Reader<'a> {
    instrs: &'a [(Instr, walrus::ir::InstrLocId)],
    /// The operands that are known, the last one on top; what is below them is not.
    stack: Vec<Operand>,
    statements: Vec<Statement>,
}

impl Reader<'_> {
    fn step(&mut self, at: usize) {
        let operand = match &self.instrs[at].0 {
            Instr::LocalGet(get) => Some((at, Kind::Local(get.local))),
            Instr::Const(_) => Some((at, Kind::Pure)),
            Instr::Unop(unop) if is_simple_unop(unop.op) => self.changed(at),
            Instr::Binop(binop) if is_simple(binop.op) => self.joined(at),
            Instr::Load(load) => self.load(at, load),
            Instr::Store(store) => return self.store(at, store).unwrap_or_else(|| self.stack.clear()),
            _ => None,
        };
        match operand {
            Some((start, kind)) => self.stack.push(Operand { start, end: at + 1, kind }),
            None => self.stack.clear(),
        }
    }

    /// What a simple operation makes of the operand before it.
    fn changed(&mut self, at: usize) -> Option<(usize, Kind)> {
        let operand = self.stack.pop()?;
        (operand.end == at && !operand.is_loaded()).then_some((operand.start, Kind::Pure))
    }

    fn joined(&mut self, at: usize) -> Option<(usize, Kind)> {
        let right = self.stack.pop()?;
        let left = self.stack.pop()?;
        let is_whole = right.end == at && left.end == right.start;
        (is_whole && !left.is_loaded() && !right.is_loaded()).then_some((left.start, Kind::Pure))
    }

    fn load(&mut self, at: usize, load: &walrus::ir::Load) -> Option<(usize, Kind)> {
        let address = self.stack.pop().filter(|address| address.end == at)?;
        match (address.kind, Width::loaded(load.kind)) {
            (Kind::Local(base), Some(width)) => {
                Some((address.start, Kind::Loaded { base, offset: load.arg.offset, width }))
            }
            _ => None,
        }
    }

    /// Notes a store that a shared function may do.
    fn store(&mut self, at: usize, store: &walrus::ir::Store) -> Option<()> {
        let value = self.stack.pop()?;
        let target = self.stack.pop()?;
        let (Kind::Local(base), Some(width)) = (target.kind, Width::stored(store.kind)) else { return Some(()) };
        let source = match value.kind {
            Kind::Loaded { base, offset, width: loaded } if loaded == width => Source::Loaded { base, offset },
            Kind::Loaded { .. } => return Some(()),
            Kind::Local(_) | Kind::Pure => {
                Source::Passed(self.instrs[value.start..at].iter().map(|(instr, _)| instr.clone()).collect())
            }
        };
        if target.end == value.start && value.end == at {
            let (start, end, offset) = (target.start, at + 1, store.arg.offset);
            self.statements.push(Statement { start, end, base, offset, width, source });
        }
        Some(())
    }
}

impl Operand {
    const fn is_loaded(&self) -> bool {
        matches!(self.kind, Kind::Loaded { .. })
    }
}

/// Operations that cannot fail.
const fn is_simple_unop(operation: UnaryOp) -> bool {
    use UnaryOp::{I32Eqz, I32WrapI64, I64Eqz, I64ExtendSI32, I64ExtendUI32};
    matches!(operation, I32Eqz | I64Eqz | I32WrapI64 | I64ExtendSI32 | I64ExtendUI32)
}

/// Operations that cannot fail: all on whole numbers but divisions.
const fn is_simple(operation: BinaryOp) -> bool {
    use BinaryOp::{I32Add, I32And, I32Eq, I32Mul, I32Ne, I32Or, I32Shl, I32ShrS, I32ShrU, I32Sub, I32Xor};
    use BinaryOp::{I64Add, I64And, I64Eq, I64Mul, I64Ne, I64Or, I64Shl, I64ShrS, I64ShrU, I64Sub, I64Xor};
    matches!(
        operation,
        I32Add
            | I32And
            | I32Eq
            | I32Mul
            | I32Ne
            | I32Or
            | I32Shl
            | I32ShrS
            | I32ShrU
            | I32Sub
            | I32Xor
            | I64Add
            | I64And
            | I64Eq
            | I64Mul
            | I64Ne
            | I64Or
            | I64Shl
            | I64ShrS
            | I64ShrU
            | I64Sub
            | I64Xor
    )
}

/// The bytes that instructions take which give a value to pass.
fn size_of_all(instrs: &[Instr]) -> usize {
    let size = |instr: &Instr| match instr {
        Instr::LocalGet(_) => LOCAL,
        Instr::Const(Const { value: Value::I32(number) }) => 1 + size_of_signed(i64::from(*number)),
        Instr::Const(Const { value: Value::I64(number) }) => 1 + size_of_signed(*number),
        _ => 1,
    };
    instrs.iter().map(size).sum()
}

/// The bytes of a local with an offset added to it.
fn size_of_address(offset: u64) -> usize {
    LOCAL + if offset == 0 { 0 } else { 2 + size_of_signed(offset.cast_signed()) }
}

/// The bytes of the function that does what `shape` says.
fn size_of_shared(shape: &Shape) -> usize {
    const AROUND: usize = 6;
    let size = |(_, offset, from): &Part| {
        let source = LOCAL + from.map_or(0, |offset| 2 + size_of_offset(offset));
        LOCAL + source + 2 + size_of_offset(*offset)
    };
    AROUND + shape.iter().map(size).sum::<usize>()
}

/// The bytes of a number without sign in a module (LEB128).
const fn size_of_offset(number: u64) -> usize {
    let bits = (64 - number.leading_zeros()) as usize;
    if bits == 0 { 1 } else { bits.div_ceil(7) }
}

/// The bytes of a number with its sign.
const fn size_of_signed(number: i64) -> usize {
    let size = if number < 0 { !number } else { number };
    let bits = 65 - size.cast_unsigned().leading_zeros() as usize;
    bits.div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module in which twenty functions store a constant and move three words from their second argument to their first.
    fn with_moves(offset: u64) -> Vec<u8> {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        for index in 0..20 {
            let (to, from) = (module.locals.add(ValType::I32), module.locals.add(ValType::I32));
            let mut function = FunctionBuilder::new(&mut module.types, &[ValType::I32, ValType::I32], &[]);
            let mut body = function.func_body();
            body.local_get(to).i32_const(index).store(memory, StoreKind::I32 { atomic: false }, at(offset + 24));
            for word in [16, 8, 0] {
                body.local_get(to).local_get(from);
                body.load(memory, LoadKind::I64 { atomic: false }, at(word));
                body.store(memory, StoreKind::I64 { atomic: false }, at(offset + word));
            }
            let function = function.finish(vec![to, from], &mut module.funcs);
            module.exports.add(&format!("move{index}"), function);
        }
        module.emit_wasm()
    }

    const fn at(offset: u64) -> MemArg {
        MemArg { align: 4, offset }
    }

    /// The instructions of the functions of a module, by their number of arguments.
    fn bodies(module: &[u8]) -> Vec<(usize, Vec<String>)> {
        let module = Module::from_buffer(module).expect("a module");
        let body = |function: &LocalFunction| {
            let instrs = function.block(function.entry_block()).instrs.iter();
            (function.args.len(), instrs.map(|(instr, _)| format!("{instr:?}")).collect())
        };
        module.funcs.iter_local().map(|(_, function)| body(function)).collect()
    }

    #[test]
    fn moves_become_calls_of_one_function_that_does_them_in_their_order() {
        let before = with_moves(200);
        let after = outline(&before).expect("it is outlined");
        assert!(after.len() < before.len() * 2 / 3, "{} of {} bytes", after.len(), before.len());
        let bodies = bodies(&after);
        let (shared, callers): (Vec<_>, Vec<_>) = bodies.iter().partition(|(arguments, _)| *arguments == 3);
        assert_eq!((shared.len(), callers.len()), (1, 20));
        let stores = shared.iter().flat_map(|(_, instrs)| instrs).filter(|instr| instr.starts_with("Store"));
        let offsets: Vec<&str> = stores.filter_map(|instr| instr.split("offset: ").nth(1)?.split(' ').next()).collect();
        assert_eq!(offsets, ["24", "16", "8", "0"]);
        for (_, instrs) in callers {
            let count = |name: &str| instrs.iter().filter(|instr| instr.starts_with(name)).count();
            assert_eq!((count("Call"), count("Store"), count("Const")), (1, 0, 2), "{instrs:?}");
        }
    }

    #[test]
    fn what_is_there_once_stays_where_it_is() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let to = module.locals.add(ValType::I32);
        let mut function = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
        let mut body = function.func_body();
        for word in [0, 4, 8] {
            body.local_get(to).i32_const(1).store(memory, StoreKind::I32 { atomic: false }, at(word));
        }
        let function = function.finish(vec![to], &mut module.funcs);
        module.exports.add("store", function);
        let before = module.emit_wasm();
        assert_eq!(bodies(&outline(&before).expect("it is outlined")), bodies(&before));
    }

    #[test]
    fn sizes_are_those_of_leb128() {
        assert_eq!([0, 127, 128, 16_383, 16_384].map(size_of_offset), [1, 1, 2, 2, 3]);
        assert_eq!([0, 63, 64, -64, -65, 8191, 8192].map(size_of_signed), [1, 1, 2, 1, 2, 2, 3]);
    }
}

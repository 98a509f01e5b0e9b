//! Finds stores in the code of a module, and what they store.

use walrus::ir::{BinaryOp, Instr, InstrSeqId, UnaryOp};
use walrus::{FunctionId, LocalFunction, LocalId, Module};

use super::{Run, Source, Statement, Width};

/// What is on the stack while a block is read: the instructions from `start` to before `end` that give it, and what it is.
struct Operand {
    start: usize,
    end: usize,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// A local, which may be written just before.
    Local { local: LocalId, is_written: bool },
    /// What is in memory at an offset from a local.
    Loaded { base: LocalId, is_written: bool, offset: u64, width: Width },
    /// Reads locals and constants and cannot fail.
    Pure,
    /// Anything else.
    Other,
}

impl Kind {
    const fn is_pure(self) -> bool {
        matches!(self, Self::Pure | Self::Local { is_written: false, .. })
    }
}

/// The runs of a function that have something to save. Those of one block are in their order.
pub(super) fn runs_of(module: &Module, id: FunctionId, function: &LocalFunction) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open = vec![function.entry_block()];
    while let Some(block) = open.pop() {
        let instrs = &function.block(block).instrs;
        let mut reader = Reader { module, instrs, stack: Vec::new(), statements: Vec::new() };
        for (at, (instr, _)) in instrs.iter().enumerate() {
            inner_blocks(instr, &mut open);
            if reader.step(at).is_none() {
                reader.stack.clear();
            }
        }
        let same = |one: &Statement, next: &Statement| one.end == next.start && one.base == next.base;
        let parts = reader.statements.chunk_by(same);
        runs.extend(parts.map(|part| Run { function: id, block, statements: part.to_vec() }));
    }
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
    module: &'a Module,
    instrs: &'a [(Instr, walrus::ir::InstrLocId)],
    /// The operands that are known, the last one on top; what is below them is not.
    stack: Vec<Operand>,
    statements: Vec<Statement>,
}

impl Reader<'_> {
    /// Goes over an instruction; nothing when what is on the stack is not known any more.
    fn step(&mut self, at: usize) -> Option<()> {
        let (start, kind) = match &self.instrs[at].0 {
            Instr::LocalGet(get) => (at, Kind::Local { local: get.local, is_written: false }),
            Instr::LocalTee(tee) => (self.take(1, at)?.0, Kind::Local { local: tee.local, is_written: true }),
            Instr::Const(_) => (at, Kind::Pure),
            Instr::GlobalGet(_) => (at, Kind::Other),
            Instr::Unop(unop) => self.computed(1, at, is_simple_unop(unop.op))?,
            Instr::Binop(binop) => self.computed(2, at, is_simple(binop.op))?,
            Instr::Select(_) => self.computed(3, at, true)?,
            Instr::Load(load) => self.load(at, load)?,
            Instr::Store(store) => return self.store(at, store),
            Instr::LocalSet(_) | Instr::Drop(_) => return self.take(1, at).map(|_| ()),
            Instr::Call(call) => {
                let called = self.module.types.get(self.module.funcs.get(call.func).ty());
                let (start, _) = self.take(called.params().len(), at)?;
                match called.results() {
                    [] => return Some(()),
                    [_] => (start, Kind::Other),
                    _ => return None,
                }
            }
            _ => return None,
        };
        self.stack.push(Operand { start, end: at + 1, kind });
        Some(())
    }

    /// Takes operands that stand directly before `at`: where the first begins, and whether all are pure.
    fn take(&mut self, count: usize, at: usize) -> Option<(usize, bool)> {
        let mut end = at;
        let mut is_pure = true;
        for _ in 0..count {
            let operand = self.stack.pop().filter(|operand| operand.end == end)?;
            end = operand.start;
            is_pure &= operand.kind.is_pure();
        }
        Some((end, is_pure))
    }

    fn computed(&mut self, count: usize, at: usize, is_simple: bool) -> Option<(usize, Kind)> {
        let (start, is_pure) = self.take(count, at)?;
        Some((start, if is_pure && is_simple { Kind::Pure } else { Kind::Other }))
    }

    fn load(&mut self, at: usize, load: &walrus::ir::Load) -> Option<(usize, Kind)> {
        let address = self.stack.pop().filter(|address| address.end == at)?;
        let kind = match (address.kind, Width::loaded(load.kind)) {
            (Kind::Local { local, is_written }, Some(width)) => {
                Kind::Loaded { base: local, is_written, offset: load.arg.offset, width }
            }
            _ => Kind::Other,
        };
        Some((address.start, kind))
    }

    /// Notes a store that a shared function may do.
    fn store(&mut self, at: usize, store: &walrus::ir::Store) -> Option<()> {
        let value = self.stack.pop().filter(|value| value.end == at)?;
        let target = self.stack.pop().filter(|target| target.end == value.start)?;
        let (Kind::Local { local, is_written }, Some(width)) = (target.kind, Width::stored(store.kind)) else {
            return Some(());
        };
        let instrs = |from: usize, to: usize| self.instrs[from..to].iter().map(|(instr, _)| instr.clone()).collect();
        let (source, is_pure) = match value.kind {
            Kind::Loaded { base, is_written, offset, width: loaded } if loaded == width => {
                let address = instrs(value.start, at - 1);
                (Source::Loaded { base, address, offset }, !is_written)
            }
            kind => (Source::Passed(instrs(value.start, at)), kind.is_pure()),
        };
        self.statements.push(Statement {
            start: target.start,
            end: at + 1,
            base: local,
            target: instrs(target.start, target.end),
            offset: store.arg.offset,
            width,
            source,
            leads: is_written || !is_pure,
        });
        Some(())
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

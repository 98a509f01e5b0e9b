//! How many bytes instructions take in a module.

use walrus::ir::{Const, Instr, Value};

use super::{Given, Part, Shape};

/// The bytes of a call, of reading a local, and of an addition with an offset of the usual size.
pub(super) const CALL: usize = 3;
const LOCAL: usize = 2;

/// The bytes that instructions take which give a value to pass.
pub(super) fn size_of_all(instrs: &[Instr]) -> usize {
    let size = |instr: &Instr| match instr {
        Instr::LocalGet(_) => LOCAL,
        Instr::Const(Const { value: Value::I32(number) }) => 1 + size_of_signed(i64::from(*number)),
        Instr::Const(Const { value: Value::I64(number) }) => 1 + size_of_signed(*number),
        Instr::LocalTee(_) => LOCAL,
        Instr::Call(_) => CALL,
        Instr::Load(_) => 3,
        _ => 1,
    };
    instrs.iter().map(size).sum()
}

/// The bytes of an address with an offset added to it.
pub(super) fn size_of_address((address, offset): (&[Instr], u64)) -> usize {
    size_of_all(address) + if offset == 0 { 0 } else { 2 + size_of_signed(offset.cast_signed()) }
}

/// The bytes of the function that does what `shape` says.
pub(super) fn size_of_shared(shape: &Shape) -> usize {
    const AROUND: usize = 6;
    let size = |(_, offset, given): &Part| {
        let source = match given {
            Given::Passed => LOCAL,
            Given::Loaded(offset) => LOCAL + 2 + size_of_offset(*offset),
            Given::Fixed(number) => 1 + size_of_signed(*number),
        };
        LOCAL + source + 2 + size_of_offset(*offset)
    };
    AROUND + shape.iter().map(size).sum::<usize>()
}

/// The bytes of a number without sign in a module (LEB128).
pub(super) const fn size_of_offset(number: u64) -> usize {
    let bits = (64 - number.leading_zeros()) as usize;
    if bits == 0 { 1 } else { bits.div_ceil(7) }
}

/// The bytes of a number with its sign.
pub(super) const fn size_of_signed(number: i64) -> usize {
    let size = if number < 0 { !number } else { number };
    let bits = 65 - size.cast_unsigned().leading_zeros() as usize;
    bits.div_ceil(7)
}

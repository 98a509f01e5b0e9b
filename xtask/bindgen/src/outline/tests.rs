//! What becomes a call, and what stays where it is.

use super::size::{size_of_offset, size_of_signed};
use super::*;
use walrus::LocalFunction;

/// A module in which twenty functions store a constant and move three words from their second argument to their first.
fn with_moves(offset: u64) -> Vec<u8> {
    let mut module = Module::default();
    let memory = module.memories.add_local(false, false, 1, None, None);
    module.exports.add("memory", memory);
    for index in 0..20 {
        let (to, from) = (module.locals.add(ValType::I32), module.locals.add(ValType::I32));
        let mut function = FunctionBuilder::new(&mut module.types, &[ValType::I32, ValType::I32], &[]);
        let mut body = function.func_body();
        body.local_get(to).i32_const(100 + index).store(memory, StoreKind::I32 { atomic: false }, at(offset + 24));
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

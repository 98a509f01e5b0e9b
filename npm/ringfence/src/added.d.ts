/** What went wrong is a mistake in Ringfence and not in what it was given. The next call runs on a fresh instance. */
export class InternalError extends Error {
    readonly name: 'InternalError';
}

/** Where the module can come from: its address, a response or bytes, or the module itself. */
export type ModuleSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/**
 * Gets the module ready. Browsers need it once before the first call; in Node.js it does nothing, since the first call does
 * all that is needed.
 * @param source - where the module is; without it, beside this package's JavaScript
 */
export function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>;

/**
 * Gets the module ready from its bytes, without waiting. Browsers allow it in workers alone.
 * @param source - the bytes or the module
 */
export function initSync(source: BufferSource | WebAssembly.Module): void;

/** What is in `ringfence/pages.json`. */
export interface Pages {
    version: string;
    codes: Omit<RulePage, 'kind'>[];
    members: Omit<MemberPage, 'kind'>[];
    specSchema: string;
    reportSchema: string;
}

/**
 * Gets ready what `explain` and `schema` say. Browsers need it once before the first of them; in Node.js it does nothing.
 * @param source - the pages, or their address; without it, beside this package's JavaScript
 */
export function initPages(source?: string | URL | Response | Pages | Promise<Response | Pages>): Promise<void>;

/**
 * The page of a rule, by its code or name, or of a member of the spec, by its path such as `network.cidr`; null when there is
 * neither.
 */
export function explain(subject: string): Explanation | null;

/** What `explain` gives, as JSON text. */
export function explainJson(subject: string): string;

/** The JSON Schema of the spec. */
export function schema(): Record<string, unknown>;

/** The JSON Schema of the spec, as JSON text. */
export function schemaJson(): string;

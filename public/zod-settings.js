// zod compiles its parsers with `new Function` unless told otherwise, which the Content-Security-Policy refuses and reports.
// A script of its own, since bundled modules may run before any module could say so.
globalThis.__zod_globalConfig = { jitless: true };

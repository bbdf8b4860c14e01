/** zod compiles its parsers with `new Function` unless told otherwise, which the Content-Security-Policy refuses. First import of the worker. */
import { z } from "zod";

z.config({ jitless: true });

import * as z from "zod";
import { MAX_INTEGER } from "../entities/job-reference.js";

/** What a screen shows at once. */
export const DEFAULT_PAGE_LIMIT = 50;

/** Decoding is what a list costs; a thousand rows take some ten milliseconds of the host's only thread. */
export const MAX_PAGE_LIMIT = 1_000;

export const pageLimitSchema = z.int().min(1).max(MAX_PAGE_LIMIT).default(DEFAULT_PAGE_LIMIT);

/** Pages are asked for by the last row seen (`after`) or by number (`offset`), not by both. */
export const offsetSchema = z.int().min(0).max(MAX_INTEGER).default(0);

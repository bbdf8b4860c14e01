import { z } from "zod";
import { UserId } from "./id.ts";

export const Role = z.enum(["clinician", "front_desk", "administrator"]);
export type Role = z.infer<typeof Role>;

/** Who is signed in, as OpenEMR knows them. */
export const User = z.object({ id: UserId, name: z.string(), role: Role });
export type User = z.infer<typeof User>;

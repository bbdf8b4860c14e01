/** OpenEMR's numbers of clinicians, which most accounts may not list, and so are learned or typed. */
import { z } from "zod";
import { UserId } from "#model/id.ts";

/** As OpenEMR's tables number their rows. */
export const RowNumber = z.string().regex(/^[1-9]\d{0,9}$/);
const Provider = z.object({ providerId: z.string(), facilityId: z.string().nullable() });

/** One clinician; `used` is what booking and filing go by. */
export const ProviderView = z.object({
  clinician: z.object({ id: UserId, name: z.string().nullable() }),
  used: Provider.extend({ from: z.enum(["typed", "setting", "appointment", "list"]) }).nullable(),
  /** What OpenEMR itself said last, and in an appointment of which day. */
  learned: Provider.extend({ appointmentDate: z.iso.date().nullable() }).nullable(),
  typedAt: z.iso.datetime().nullable(),
});
export type ProviderView = z.infer<typeof ProviderView>;

/** `GET /api/provider-ids` (administrator). `facilityId` is the clinic's, for whoever has none. */
export const ProviderList = z.object({ facilityId: z.string(), clinicians: z.array(ProviderView) });
export type ProviderList = z.infer<typeof ProviderList>;

/** `POST /api/provider-ids/learn` -> `ProviderList`: reads every appointment row of the clinic (megabytes in an old one). */

/**
 * `PUT /api/provider-ids/:userId` -> `ProviderList`. 400 `invalid_request` for a number that is another clinician's; 404 for somebody
 * whom nobody has seen. `DELETE` takes what was typed away again.
 */
export const ProviderSave = z.object({ providerId: RowNumber, facilityId: RowNumber.nullable() });
export type ProviderSave = z.infer<typeof ProviderSave>;

/** Who may come into a test clinic: the header `x-test-user` names one of them. */
import type { Auth, Principal } from "#bff/context.ts";
import { UserId } from "#model/id.ts";
import { problem } from "#model/problem.ts";
import type { User } from "#model/user.ts";

const users: Record<string, User> = {
  clinician: { id: UserId.parse("user-clinician"), name: "Dr Rowan Hale", role: "clinician" },
  stranger: { id: UserId.parse("user-stranger"), name: "Dr Other", role: "clinician" },
  desk: { id: UserId.parse("user-desk"), name: "Front Desk", role: "front_desk" },
  administrator: { id: UserId.parse("user-admin"), name: "Admin", role: "administrator" },
};

export const fakeAuth: Auth = {
  require: async (request, roles): Promise<Principal> => {
    const user = users[String(request.headers["x-test-user"])];
    if (!user) throw problem("signed_out");
    if (!roles.includes(user.role)) throw problem("forbidden");
    return { user, sessionHash: `session of ${user.id}`, accessToken: async () => `token of ${user.id}` };
  },
  tokenOf: async () => undefined,
};

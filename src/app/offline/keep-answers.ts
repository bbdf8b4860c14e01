/** The lists that may be read without the clinic server: today's worklists and this clinician's visits, from and into `kept`. */
import { VisitList, Worklist } from "#protocol/bff.ts";
import type { QueryClient } from "@tanstack/react-query";
import type { Kept, KeptAnswer } from "./kept.ts";

const shapes = { worklist: Worklist, visits: VisitList };
type Root = keyof typeof shapes;

/** Lists change in bursts; one write for each burst is enough. */
const restMs = 300;

/** They stay in memory as long as a page may be open: without a server there is no second chance to get them. */
const staysMs = 12 * 3_600_000;

/** Puts the kept lists into the query cache, each with the time it was true; however young, they are asked for anew. */
export function seedAnswers(queryClient: QueryClient, answers: readonly KeptAnswer[]): void {
  for (const root of Object.keys(shapes)) queryClient.setQueryDefaults([root], { gcTime: staysMs });
  for (const { key, value, at } of answers) {
    const [root] = key;
    const parsed = isRoot(root) ? shapes[root].safeParse(value) : undefined;
    if (parsed?.success !== true) continue;
    queryClient.setQueryData(key, parsed.data, { updatedAt: at });
    void queryClient.invalidateQueries({ queryKey: key, exact: true, refetchType: "none" });
  }
}

type Keeping = { queryClient: QueryClient; kept: Kept; userId: string; today(): string };

/** Keeps the lists whenever they change, until the returned function is called. */
export function keepAnswers({ queryClient, kept, userId, today }: Keeping): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    timer = undefined;
    void kept.keepAnswers(userId, listsIn(queryClient, today()));
  };
  const stop = queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success" || !isRoot(event.query.queryKey[0])) return;
    timer ??= setTimeout(write, restMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

/** Of the worklists only today's: another day's is not work that can be begun now. */
function listsIn(queryClient: QueryClient, today: string): KeptAnswer[] {
  return queryClient
    .getQueryCache()
    .getAll()
    .filter(({ queryKey: [root, date], state }) => {
      return state.data !== undefined && (root === "visits" || (root === "worklist" && date === today));
    })
    .map(({ queryKey, state }) => ({ key: queryKey.map(String), value: state.data, at: state.dataUpdatedAt }));
}

function isRoot(root: unknown): root is Root {
  return typeof root === "string" && root in shapes;
}

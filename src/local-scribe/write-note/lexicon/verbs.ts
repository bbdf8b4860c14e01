/** Verbs by their forms, so that a sentence can be cut and put into note form without guessing. */
import { list } from "./list.ts";

/** Plain forms as patients use them after "I"; only these are inflected. */
export const plainVerbs = list(`
ache bleed bother break breathe bring bruise burn call catch change check chew climb come cough cry cut do drink drop eat
exercise faint fall feel find forget get give go happen have hear help hurt improve increase itch keep know lie lift live look lose make mean miss move need notice pass pee play pull push put quit remember rest run see seem shake sit skip
sleep smell smoke sneeze sound speak spread stand start stay stop struggle suffer swallow sweat swell swim take taste
think throb throw tighten tire tolerate touch travel try turn twist urinate use vomit wake walk want watch wear weigh
wheeze work worry worsen
`);

/** Past forms that do not end in -ed. */
export const irregularPasts = list(`
ate became began bled broke brought burnt came caught chose cut did drank drove fell felt forgot found gave got grew had
heard held hit hurt kept knew lay led left lost made meant met put quit ran read said sat saw shook slept spoke stood
stuck swam swelled swore threw thought told took tore was went were woke wore wrote
`);

/** Verbs that open an instruction. */
export const imperatives = list(`
add apply ask avoid begin bring call check chew clean come continue cover decrease discontinue do drink eat elevate exercise
expect finish follow get give go hold ice inhale increase keep let limit lose lower make monitor move note place
practice put quit raise record reduce refill repeat rest return rinse rub schedule see sit sleep soak spray
start stay stop stretch swallow take talk taper tell test track try try use walk wash watch wear weigh wrap
`);

/** Of these, the ones that are not also everyday nouns: a sentence may be cut before them without a pause. */
export const plainImperatives = list(
  "take avoid stop continue apply start begin increase decrease keep come give bring schedule return please",
);

/** Also nouns: even after a pause they open an order only before an object ("use the cream", not "use today"). */
export const nounImperatives = list(`
call check cover do drink exercise finish follow get hold ice limit measure move note place practice raise record rest
return sleep spray start stop stretch test track use walk wash watch work wrap help change monitor schedule
`);

/** What the clinician does about it: "we will order", "I am going to refer you". */
export const orders = list(`
add adjust arrange book call change check continue do draw examine fax get give have increase inject lower make order
prescribe print put recheck reduce refer refill remove repeat run schedule see send set start stop switch take test treat
try use vaccinate wait watch work write
`);

const inflections = new Set([...plainVerbs].flatMap((verb) => [verb, thirdPerson(verb)]));
const finite = list(`
am is are was were has had does did can cannot could will would should may might must isn't aren't wasn't weren't
doesn't didn't it's that's there's she's he's let's you're they're looks feels sounds seems shows means comes goes gets
`);
/** Nouns as often as verbs: they prove no sentence. */
const nounsToo = list(
  "ache cough work change drink play rest run smell sound start taste touch turn walk watch cut help",
);

/** Could this word be the verb of a sentence? Nouns that look like verbs count as nouns. */
export function isFiniteVerb(word: string): boolean {
  if (nounsToo.has(word)) return false;
  if (finite.has(word) || irregularPasts.has(word) || inflections.has(word)) return true;
  return /[a-z]{3}ed$/u.test(word) && !/(?:eed|red|bed|need)$/u.test(word);
}

/** "feel" to "feels", "go" to "goes", "try" to "tries". */
export function thirdPerson(verb: string): string {
  if (verb === "have") return "has";
  if (/(?:s|sh|ch|x|z|o)$/u.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/u.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

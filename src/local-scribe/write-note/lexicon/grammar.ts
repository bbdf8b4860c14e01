/** Everyday words by what they do in a sentence. */
import { list, terms } from "./list.ts";

export const pronouns = list("i you he she it we they");
export const possessives = list("my your his her our their its");

/** After one of these the sentence goes on: no cut behind it, pause or not. */
export const joiners = list(`
a an the and or but nor so if when while whenever because since as than that which who whom whose where what how why
before after until unless though although whether to of in on at by for from with without into under between per
my your his her our their its this these those every each not
do does did is are was were be been being am have has had can cannot could will would shall should may might must
think believe suspect hope guess sure glad sorry afraid let make want wants like need needs
it's there's that's i'd let's
`);

/** These join too, but a pause behind them may end the sentence: "at that time | it". */
export const softJoiners = list(`
thing things time times way reason day everything anything something about over around some any no all
also just very really too only even still more less most say says said see know known tell told ask asked feel
`);

/** A clause that opens with one of these is not complete before a second verb. */
export const subordinators = list("if when whenever while because since as before after until unless although though");

export const questionWords = list("what when where which who whom whose why how");

export const auxiliaries = list(`
am is are was were do does did have has had can could will would shall should may might must cannot
isn't aren't wasn't weren't doesn't didn't don't haven't hasn't
`);

/** "Every" and the like stay with the noun; these carry nothing when a text is judged for content. */
export const emptyWords = list(`
a an the and or but so of in on at by for from with about to into than that this these those it its i me my you your he
him his she her we us our they them their is are was were be been being am do does did have has had will would can could
should may might must there here then now just very really too also some any all more much lot lots little bit like
well okay yes yeah no not as if when what how who where which up down out over again today still one ones get gets got
go goes going let make take want need think know say says said see tell thing things kind sort
that's it's there's he's she's let's i'd you're they're
`);

export const yesWords = list("yes yeah yep yup yea correct sometimes definitely absolutely");
export const noWords = list("no nope nah never none");

/** Spoken before the sentence proper; dropped from its beginning. */
export const leadIns = list("okay ok alright well um uh eh ah oh hmm mhm so and then anyway");

/** Said to be polite; nothing for a note. Taken off the front of a clause. */
export const greetings = terms(`
good morning, good afternoon, good evening, hello there, hello, hi there, hi, hey, welcome back, welcome
nice to see you again, nice to see you, nice to meet you, good to see you again, good to see you
thank you very much, thank you so much, thank you doctor, thank you dr, thank you
thanks a lot, thanks so much, thanks doctor, thanks dr, thanks
you are welcome, you're welcome, all right, goodbye, doctor
`);

/** Nothing for a note when the whole clause is no more than this; "take care of the wound" is more. */
export const courtesies = new Set(
  terms(`
how are you doing today, how are you doing, how are you today, how are you feeling today, how are you feeling
how are you, i am doing well, i am good, i am okay, pretty good, not bad, doing well, i am fine thank you, i am fine, no problem, my pleasure, see you then, see you soon, see you later, see you
take care of yourself, take care, good bye, bye bye, bye, have a seat, please have a seat, have a nice day
have a good day, have a great day, sounds good, of course, please sit down, come on in, come in, i see, got it
i understand, that's good, that is good, that's great, very good, that's fine, that is fine, fine, good, great, sure, perfect
excellent, let me see, let me take a look, let me have a look, let me listen to your heart, let me listen to your lungs
let me examine you, let me check, dr, i will do that, i will, will do, that sounds good, right, i am sorry to hear that
sorry to hear that, that's all, that is all, you too, do you have any questions, any questions
`),
);

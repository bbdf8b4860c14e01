/** Starts the local scribe from the environment (config.ts); prints one line of JSON when it is ready and ends cleanly on SIGTERM. */
import { join } from "node:path";
import { createOffsetClock } from "#model/clock.ts";
import { type Config, readConfig, required } from "./config.ts";
import { createLocalScribe } from "./local-scribe.ts";
import { limitModels } from "./models.ts";
import type { NoteWriter } from "./note-writer.ts";
import { createAgreeingEngine, spreadShifts } from "./transcribe/agreement.ts";
import { createOpenAiSpeech } from "./transcribe/openai.ts";
import { createPocketsphinx, hasPocketsphinx, type PocketsphinxVocabulary } from "./transcribe/pocketsphinx.ts";
import type { SpeechEngine } from "./transcribe/speech-engine.ts";
import { provideClinicalVocabulary } from "./vocabulary/clinical-vocabulary.ts";
import { createExtractiveWriter } from "./write-note/extractive.ts";
import { createOpenAiWriter } from "./write-note/openai.ts";

function chooseSpeech(config: Config): SpeechEngine {
  if (config.LOCAL_SCRIBE_SPEECH === "openai") {
    return createOpenAiSpeech({
      url: required(config, "LOCAL_SCRIBE_SPEECH_URL"),
      key: config.LOCAL_SCRIBE_SPEECH_KEY,
      model: config.LOCAL_SCRIBE_SPEECH_MODEL,
    });
  }
  if (!hasPocketsphinx())
    throw new Error("The local scribe needs the Debian packages pocketsphinx and pocketsphinx-en-us");
  const takes = config.LOCAL_SCRIBE_TAKES;
  const engine = createPocketsphinx(chooseVocabulary(config));
  return takes === 1 ? engine : createAgreeingEngine(engine, { shiftsInSamples: spreadShifts(takes) });
}

/** Without the clinical words the engine hears as it was installed; the log says so. */
function chooseVocabulary(config: Config): PocketsphinxVocabulary | undefined {
  if (config.LOCAL_SCRIBE_VOCABULARY === "plain") return undefined;
  try {
    return provideClinicalVocabulary({ cacheDir: join(config.LOCAL_SCRIBE_DATA_DIR, "vocabulary") });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    process.stderr.write(
      `${JSON.stringify({ msg: "clinical vocabulary not built, most medicines will not be heard", why })}\n`,
    );
    return undefined;
  }
}

function chooseWriter(config: Config): NoteWriter {
  if (config.LOCAL_SCRIBE_WRITER === "extractive") return createExtractiveWriter();
  return createOpenAiWriter({
    url: required(config, "LOCAL_SCRIBE_WRITER_URL"),
    key: required(config, "LOCAL_SCRIBE_WRITER_KEY"),
    model: required(config, "LOCAL_SCRIBE_WRITER_MODEL"),
  });
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

const config = readConfig(process.env);
const scribe = await createLocalScribe({
  dataDir: config.LOCAL_SCRIBE_DATA_DIR,
  host: config.LOCAL_SCRIBE_HOST,
  port: config.LOCAL_SCRIBE_PORT,
  publicUrl: config.LOCAL_SCRIBE_PUBLIC_URL,
  apiKeys: config.LOCAL_SCRIBE_API_KEYS,
  clock: createOffsetClock(config.CHARTSIDE_CLOCK_OFFSET_MS),
  speech: chooseSpeech(config),
  writer: chooseWriter(config),
  models: limitModels({
    maxSessionMs: milliseconds(config.LOCAL_SCRIBE_MAX_SESSION_SECONDS),
    expiryMs: milliseconds(config.LOCAL_SCRIBE_SESSION_EXPIRY_SECONDS),
  }),
  keepsAudio: config.LOCAL_SCRIBE_KEEP_AUDIO === "1",
  logTo: process.stderr,
});
process.stdout.write(`${JSON.stringify({ ready: true, url: scribe.url })}\n`);

process.once("SIGTERM", () => {
  void scribe.close().then(() => process.exit(0));
});

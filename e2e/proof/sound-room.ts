/** A sound system of its own (PulseAudio), in which a WAV file is what the microphone hears, on and on, whoever opens and closes it. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type SoundRoom = {
  /** For the browser that shall hear it. */
  env: Record<string, string>;
  /** Plays from the file's beginning; ends with it. */
  play(wav: string): void;
  close(): Promise<void>;
};

/** 48 kHz and one channel from end to end, so that nothing on the way converts. */
const format = "rate=48000 channels=1 format=s16le";

export async function openSoundRoom(folder: string): Promise<SoundRoom> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = join(folder, "native");
  const script = join(folder, "room.pa");
  const lines = [
    `load-module module-null-sink sink_name=room ${format}`,
    "load-module module-remap-source master=room.monitor source_name=microphone source_properties=device.description=Microphone",
    "set-default-sink room",
    "set-default-source microphone",
    `load-module module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
  ];
  writeFileSync(script, lines.join("\n"));
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder };
  const args = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "-F", script];
  const children: ChildProcess[] = [];
  const start = (command: string, args: string[], more = {}): ChildProcess => {
    const child = spawn(command, args, { stdio: "ignore", env: { ...env, ...more } });
    children.push(child);
    return child;
  };
  const daemon = start("pulseaudio", args);
  for (; !existsSync(socket); await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (daemon.exitCode !== null) throw new Error(`pulseaudio ended with code ${daemon.exitCode}`);
  }
  const server = { PULSE_SERVER: `unix:${socket}` };
  return {
    env: server,
    play: (wav) => void start("paplay", ["--device=room", wav], server),
    close: async () => {
      await Promise.all(children.toReversed().map(end));
    },
  };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

/** Everything after the decoder is 16 kHz, mono, signed 16-bit. */
export const samplesPerMs = 16;

/**
 * The first lines of the app, a script of their own: the page as the service worker keeps it starts them before the other scripts are
 * read. Where the app was opened before, the disk is opened while the rest of it is compiled.
 */
import { createSealedBox } from "./offline/sealed-box.ts";
import { prepareVault } from "./prepared-vault.ts";

/** All of the app is on this device. */
export const isKeptHere = Boolean(globalThis.navigator.serviceWorker?.controller);
export const keptBox = createSealedBox("chartside-kept");
if (isKeptHere) prepareVault();

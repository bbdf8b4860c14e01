/** The frame and the looks of every page of the sandbox. */
export function layout(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${style}</style></head>
<body><main><h1>OpenEMR</h1>
<p class="sandbox">This is a sandbox. It behaves like OpenEMR, and every patient in it is invented.</p>
${content}</main></body></html>`;
}

const style = `
:root { color-scheme: light dark; --line: #c3ccd5; --accent: #0b5f94; --quiet: #54616e; --card: #fff; --page: #e9eef3; --text: #18222c; }
@media (prefers-color-scheme: dark) { :root { --line: #44505c; --accent: #69b8e8; --quiet: #a9b6c2; --card: #1c242c; --page: #12181e; --text: #e8edf2; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 4vh 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 27rem; margin: 0 auto; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
h1 { margin: 0; color: var(--accent); font-size: 1.6rem; } h2 { margin: 1.25rem 0 .5rem; font-size: 1.2rem; }
.sandbox { margin: .5rem 0 0; padding: .5rem .75rem; border-left: .25rem solid #c77700; background: color-mix(in srgb, #c77700 12%, transparent); }
.which { margin: .5rem 0 0; color: var(--quiet); font-size: .9rem; }
.problem { padding: .5rem .75rem; border-left: .25rem solid #c0262d; background: color-mix(in srgb, #c0262d 12%, transparent); }
label { display: block; margin-top: .75rem; font-weight: 600; }
input:not([type=checkbox]) { width: 100%; padding: .55rem .65rem; font: inherit; border: 1px solid var(--line); border-radius: .35rem; }
button { margin-top: 1.1rem; padding: .6rem 1.1rem; font: inherit; font-weight: 600; color: var(--card); background: var(--accent); border: 1px solid var(--accent); border-radius: .35rem; cursor: pointer; }
button.quiet { color: var(--accent); background: transparent; } .buttons { display: flex; gap: .75rem; margin: 0; }
fieldset { max-height: 16rem; overflow: auto; padding: .25rem .75rem .5rem; border: 1px solid var(--line); border-radius: .35rem; }
.scope { margin-top: .3rem; font-weight: 400; }
table { width: 100%; margin-top: 1.5rem; border-collapse: collapse; font-size: .9rem; } caption { padding: .25rem 0; text-align: left; color: var(--quiet); }
th, td { padding: .25rem .25rem; border-top: 1px solid var(--line); text-align: left; }`;

export function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/gu, (character) => entities[character] ?? character);
}

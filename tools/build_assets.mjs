// Builds the theme into the git-ignored build/static/leerhuis/: one stylesheet, one script and one for packages, two fonts, one icon; and into
// build/static/h5p/ what plays packages: H5P's core from npm with the files its stylesheet names, and our two scripts around it; and
// into build/static/scorm/ the players of SCORM packages, each with its runtime from npm.
// File names are fixed, so that templates can name and preload them; hashing them is the work of collectstatic.
// Usage: npm ci && node tools/build_assets.mjs [--watch]
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import * as esbuild from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const theme = join(root, 'cms', 'theme');
const out = join(root, 'build', 'static', 'leerhuis');
const fonts = join(root, 'node_modules', '@fontsource-variable');

// Latin, upright, weight axis only: together at most 90 KB (Literata's optical-size file alone is 110 KB).
const copies = [
  [join(fonts, 'literata/files/literata-latin-wght-normal.woff2'), 'literata.woff2'],
  [join(fonts, 'atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2'), 'atkinson.woff2'],
  [join(theme, 'img/favicon.svg'), 'favicon.svg'],
];
const FONT_BUDGET = 90_000;

const options = {
  // Only lessons with a package load the second.
  entryPoints: { 'leerhuis': join(theme, 'js/main.js'), 'package': join(theme, 'js/package.js') },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'esm',
  // Older phones: the first browsers with cascade layers, and what is newer in the syntax is lowered to them.
  target: ['chrome99', 'firefox97', 'safari15.4'],
  external: ['*.woff2'],
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
};
// In a sandbox of its own: no module, because a module is fetched with an origin, and a sandbox has none.
const player = {
  ...options,
  entryPoints: { shim: join(root, 'media/player/shim.js'), bridge: join(root, 'media/player/bridge.js') },
  outdir: join(root, 'build', 'static', 'h5p'),
  format: 'iife',
};
const scorm = {
  ...player,
  entryPoints: Object.fromEntries(['scorm12', 'scorm2004'].map((name) => [name, join(root, 'media/player/scorm', `${name}.js`)])),
  outdir: join(root, 'build', 'static', 'scorm'),
};
const scormStyles = {
  ...scorm,
  entryPoints: { scorm: join(root, 'media/player/scorm/scorm.css') },
  external: [],
  loader: { '.woff2': 'dataurl' },
};
const styles = { ...options, entryPoints: { 'leerhuis': join(theme, 'css/main.css') } };

// H5P's core: the script and the stylesheet, and of the rest only what the stylesheet asks for.
async function copyCore() {
  const dist = join(root, 'node_modules', 'h5p-standalone', 'dist');
  const css = await readFile(join(dist, 'styles', 'h5p.css'), 'utf8');
  const named = [...css.matchAll(/url\(['"]?\.\.\/((?:fonts|images)\/[^'")?#]+)/g)].map(([, path]) => path);
  for (const path of new Set(['frame.bundle.js', 'styles/h5p.css', ...named])) {
    const to = join(player.outdir, path);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(dist, path), to);
  }
}

await mkdir(out, { recursive: true });
await copyCore();
await Promise.all(copies.map(([from, name]) => copyFile(from, join(out, name))));

if (process.argv.includes('--watch')) {
  for (const each of [options, styles, player, scorm, scormStyles]) await (await esbuild.context(each)).watch();
} else {
  await Promise.all([esbuild.build(options), esbuild.build(styles), esbuild.build(player), esbuild.build(scorm), esbuild.build(scormStyles)]);
  for (const name of ['leerhuis.css', 'leerhuis.js', 'package.js', ...copies.map(([, name]) => name)]) {
    const bytes = await readFile(join(out, name));
    const packed = name.endsWith('.woff2') ? '' : `, ${gzipSync(bytes, { level: 9 }).length} gzipped`;
    console.log(`${name}: ${bytes.length} bytes${packed}`);
  }
  const sizes = await Promise.all(['literata.woff2', 'atkinson.woff2'].map((name) => stat(join(out, name))));
  const total = sizes.reduce((sum, file) => sum + file.size, 0);
  if (total > FONT_BUDGET) throw new Error(`The fonts weigh ${total} bytes together; the budget is ${FONT_BUDGET}.`);
}

import { start } from './player.js';
import { runtime } from './runtime2004.js';

start(runtime);

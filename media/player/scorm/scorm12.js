import { start } from './player.js';
import { runtime } from './runtime12.js';

start(runtime);

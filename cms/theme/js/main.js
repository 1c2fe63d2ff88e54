// Leerhuis: the one script. A module per behaviour; every page works without any of them.
import './exit.js';
import './htmx_care.js';
import './form_errors.js';
import './reveal.js';
import './drop.js';
import './unsaved.js';
import './player.js';
import './place.js';
import './room.js';

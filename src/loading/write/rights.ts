/** The rights that writes need. Several need the same one: what it allows is said here, once. */
import type { Right } from '../guard/right.js';

/** A right, and what having it allows. */
export interface WriteRight {
  readonly name: Right;
  readonly allows: string;
}

const right = (name: Right, allows: string): WriteRight => ({ name, allows });

export const ASSETS = right('assets:write', 'create, change and delete assets');
export const TREES = right('trees:write', 'create, change and delete asset trees, and move what is in them');
export const MODELS = right('models:write', 'change thing models');
export const ALERTS = right(
  'alerts:write',
  'acknowledge, create, close and change alerts, and what they refer to',
);
export const PRODUCTS = right('products:write', 'create, change and delete products');
export const DEVICES = right(
  'devices:write',
  'create, change and delete devices, gateways, certificates and firmware',
);
export const CONTROL = right('devices:control', 'send commands to devices');
export const POINTS = right('points:write', 'upload values of points, attributes and events');
export const STORAGE = right('storage:write', 'change how values are stored, and delete stored values');

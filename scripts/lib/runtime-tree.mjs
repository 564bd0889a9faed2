/** The packages that run in production, as package-lock.json has them. */
import { existsSync, readFileSync } from 'node:fs';

/**
 * Folder, name, version and licence of each. What is optional and not installed, as for another platform, is left out;
 * what is missing otherwise is an error.
 */
export function runtimePackages() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.entries(packages)
    .filter(([folder, { dev, devOptional, peer }]) => folder !== '' && !dev && !devOptional && !peer)
    .flatMap(([folder, { optional }]) => {
      if (!existsSync(`${folder}/package.json`)) {
        if (optional) return [];
        throw new Error(`${folder} is not installed: run npm ci`);
      }
      const { name, version, license, licenses } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      return [{ folder, name, version, licence: licenceOf(license ?? licenses) }];
    });
}

/** As an SPDX expression, also where an old package has an object or a list. */
function licenceOf(license) {
  if (Array.isArray(license)) return license.map(licenceOf).join(' OR ');
  return typeof license === 'object' ? license?.type : license;
}

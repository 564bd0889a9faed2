/** The machine: what it is, which cores there are, and how busy it was with other things. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';

/** Whether a program is on PATH. */
export function has(program) {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const canPin = has('taskset') && os.cpus().length > 1;

/** A command line on one core; as it is where cores cannot be chosen. Contestants run on 0, everything else on 1. */
export function pinned(core, command) {
  return canPin ? ['taskset', '-c', String(core), ...command] : command;
}

/** What a reader of the results must know of the machine; nothing that tells where it stands. */
export function describeMachine() {
  const [cpu] = os.cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    os: `${os.type()} ${os.release().split('-')[0]}`,
    node: process.version,
    pinned: canPin,
    loadAverageAtStart: os.loadavg().map((value) => Number(value.toFixed(2))),
  };
}

/** Ticks of all cores: in total, stolen by the host, and spent. */
export function cpuTicks() {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  const [, , , idle = 0, iowait = 0, , , steal = 0] = ticks;
  const total = ticks.slice(0, 8).reduce((sum, value) => sum + value, 0);
  return { total, steal, busy: total - idle - iowait - steal };
}

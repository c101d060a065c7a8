// Shows how the share of other processes is found from two readings of /proc/stat.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCoreTimes, shareOfOthers } from '../../bench/load.js';

describe('the load of the machine', () => {
  it('is read from the first line, waiting for disks not counted as busy', () => {
    const text = 'cpu  100 5 20 1000 50 1 2 3 7 0\ncpu0 50 0 10 500 25 0 1 1 3 0\n';
    assert.deepEqual(parseCoreTimes(text), { busy: 131, all: 1181 });
  });

  it('leaves to others what the measured command did not use', () => {
    const before = { busy: 100, all: 1000 };
    // Two seconds on two cores, of which three seconds were busy and two our own.
    assert.equal(shareOfOthers(before, { busy: 400, all: 1400 }, 2000), 0.25);
    assert.equal(shareOfOthers(before, { busy: 290, all: 1400 }, 2000), 0);
    assert.equal(shareOfOthers(before, before, 0), 0);
  });
});

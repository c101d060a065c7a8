// Shows which extensions are excluded by default, and what counts as an extension of a name. Lists only:
// how the rule stands beside the other rules is shown in select.test.ts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createExtensionTest,
  DEFAULT_EXCLUDED_EXTENSIONS,
  EXCLUDED_EXTENSIONS_BY_KIND,
} from '../src/excluded-extensions.js';

describe('the default exclusion list', () => {
  it("holds WhiteNoise's list and what has become common since", () => {
    const whitenoise =
      'jpg jpeg png gif webp zip gz tgz bz2 tbz xz br swf flv woff woff2 ' +
      '3gp 3gpp asf avi m4v mov mp4 mpeg mpg webm wmv';
    const since =
      'zst 7z rar lz4 lzma avif heic heif jxl mp3 m4a aac ogg oga ogv opus flac mkv ' +
      'apk docx xlsx pptx epub jar';
    assert.deepEqual(
      [...DEFAULT_EXCLUDED_EXTENSIONS].sort(),
      `${whitenoise} ${since}`.split(' ').sort(),
    );
  });

  it('names each extension once, in lower case and without a dot', () => {
    const all = Object.values(EXCLUDED_EXTENSIONS_BY_KIND).flat();
    assert.deepEqual(all, [...new Set(all)]);
    assert.deepEqual(
      all.filter((extension) => !/^[a-z0-9]+$/.test(extension)),
      [],
    );
  });
});

describe('an extension', () => {
  const rows: readonly [list: readonly string[], yes: readonly string[], no: readonly string[]][] =
    [
      [['png'], ['a.png', 'A.PNG', 'x/y.a.Png', '.png', 'a\n.png'], ['png', 'a.png.js', 'a.apng']],
      [['.png'], ['a.png'], ['a.js', 'a..']],
      [['PNG'], ['a.png'], ['a.jpg']],
      [['tar.gz'], ['a.tar.gz', 'x.y/b.TAR.GZ'], ['a.gz', 'a.tar', 'tar.gz', 'x.tar/b.gz']],
      [['png', 'jpg'], ['a.jpg', 'a.png'], ['x.png/a.js']],
      [[''], [], ['a.', 'a', '']],
      [['.'], [], ['a.', 'a..']],
      [[], [], ['a.png']],
    ];
  for (const [list, yes, no] of rows) {
    it(`of ${JSON.stringify(list)} is found at the end of a name, in any case`, () => {
      assert.deepEqual([...yes, ...no].filter(createExtensionTest(list)), yes);
    });
  }
});

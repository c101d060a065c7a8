import { defineConfig } from 'wn-compress';

export default defineConfig({
  root: 'public',
  // So little fits into one packet with its headers, compressed or not.
  minSize: 500,
  // A sidecar whose source was deleted goes with it.
  prune: true,
});

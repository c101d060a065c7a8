const list = document.querySelector('#files');
for (const { name, decodedBodySize, encodedBodySize } of performance.getEntriesByType('resource')) {
  const item = document.createElement('li');
  const path = new URL(name).pathname;
  item.textContent = `${path}: ${decodedBodySize} bytes, sent as ${encodedBodySize}`;
  list.append(item);
}
if (list.children.length === 0) list.textContent = 'This browser does not tell what it was sent.';

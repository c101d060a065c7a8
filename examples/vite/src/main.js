import './style.css';

const rows = document.querySelector('tbody');
const entries = [
  ...performance.getEntriesByType('navigation'),
  ...performance.getEntriesByType('resource'),
];
for (const { name, decodedBodySize, encodedBodySize } of entries) {
  const row = rows.insertRow();
  for (const text of [new URL(name).pathname, decodedBodySize, encodedBodySize]) {
    row.insertCell().textContent = text;
  }
}

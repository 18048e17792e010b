// Hands a text to the person as a document, without asking the server.

export function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/xml" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

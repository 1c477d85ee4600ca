// The tailnet as the server sends it, with indexes for what the page looks up often.

/** Adds the indexes to a document of the tailnet. */
export function indexed(tailnet) {
  tailnet.byId = new Map(tailnet.nodes.map((node) => [node.id, node]));
  tailnet.userById = new Map(tailnet.users.map((user) => [user.id, user]));
  tailnet.sharedNames = shared(tailnet.nodes);
  tailnet.sharedUserNames = shared(tailnet.users);
  return tailnet;
}

/** The names that several have. */
function shared(named) {
  const seen = new Set();
  return new Set(named.map(({ name }) => name).filter((name) => seen.has(name) || !seen.add(name)));
}

const distinct = ({ name, id }, sharedNames) => (sharedNames.has(name) ? `${name} (${id})` : name);

/** How the page calls a node: by its name, and by its id too where several nodes have that name. */
export function nameOf(tailnet, id) {
  const node = tailnet.byId.get(id);
  return node === undefined ? `node ${id}` : distinct(node, tailnet.sharedNames);
}

/** The owner of a node: a user or tags. */
export function ownerOf(tailnet, node) {
  if (node.user === null) {
    return node.tags.join(", ");
  }
  const user = tailnet.userById.get(node.user);
  return user === undefined ? `user ${node.user}` : distinct(user, tailnet.sharedUserNames);
}

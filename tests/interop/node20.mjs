// The one thing of Node 22 that the SDK needs and that Node 20, which many machines still have, lacks. Imported
// before the SDK; it goes when Node 20 does.

Promise.withResolvers ??= function withResolvers() {
    let resolve, reject;
    const promise = new this((yes, no) => {
        resolve = yes;
        reject = no;
    });
    return { promise, resolve, reject };
};

// A person's Matrix client without a screen, on the SDK of Element Web: JSON lines in, JSON lines out.
//
//   {"id": 1, "do": "say", "room": "!…", "text": "…"}
//       answered by {"id": 1, "answer": {"event": "$…"}}
//       or by       {"id": 1, "error": {"message": "…", "code": "M_FORBIDDEN"}}
//   {"changed": "!…"} is pushed when that room may look different (null: anything may)
//
// One process is one device. It ends on "stop" and when its standard input closes, so it never outlives its
// parent. What the commands do stands in session.mjs and room.mjs.

import "./node20.mjs";
import "./quiet.mjs";

import { ClientEvent, MatrixEventEvent, RoomEvent, RoomMemberEvent, RoomStateEvent } from "matrix-js-sdk";
import { CryptoEvent } from "matrix-js-sdk/lib/crypto-api/index.js";
import { createInterface } from "node:readline";

import * as rooms from "./room.mjs";
import { openSession, sign, trust } from "./session.mjs";

let session = null;

const commands = {
    start,
    sign: (args) => sign(session, args),
    verifyStatus: (args) => trust(session, args),
    create: (args) => rooms.create(session, args),
    invite: (args) => rooms.invite(session, args),
    invites: () => rooms.invites(session),
    acceptInvites: () => rooms.acceptInvites(session),
    join: (args) => rooms.join(session, args),
    leave: (args) => rooms.leave(session, args),
    members: (args) => rooms.members(session, args),
    say: (args) => rooms.say(session, args),
    edit: (args) => rooms.edit(session, args),
    react: (args) => rooms.react(session, args),
    redact: (args) => rooms.redact(session, args),
    read: (args) => rooms.read(session, args),
    stop,
};

async function start(args) {
    session = await openSession(args);
    const { client } = session;
    const signed = args.crossSign ? await sign(session, args) : { recoveryKey: null };
    client.on(RoomEvent.Timeline, (event) => changed(event.getRoomId()));
    client.on(RoomEvent.Redaction, (event, room) => changed(room.roomId));
    client.on(RoomEvent.MyMembership, (room) => changed(room.roomId));
    client.on(RoomMemberEvent.Membership, (event) => changed(event.getRoomId()));
    client.on(RoomStateEvent.Events, (event) => changed(event.getRoomId()));
    client.on(MatrixEventEvent.Decrypted, (event) => changed(event.getRoomId()));
    client.on(MatrixEventEvent.Replaced, (event) => changed(event.getRoomId()));
    client.on(CryptoEvent.DevicesUpdated, () => changed(null));
    client.on(CryptoEvent.KeysChanged, () => changed(null));
    client.on(CryptoEvent.UserTrustStatusChanged, () => changed(null));
    client.on(ClientEvent.Sync, () => changed(null));
    return { user: client.getUserId(), device: client.getDeviceId(), ...signed };
}

async function stop() {
    session?.client.stopClient();
}

function changed(room) {
    write({ changed: room ?? null });
}

function write(line) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function obey(line) {
    const { id, do: name, ...args } = JSON.parse(line);
    try {
        if (!(name in commands)) throw new Error(`no such command: ${name}`);
        write({ id, answer: (await commands[name](args)) ?? null });
    } catch (error) {
        write({ id, error: { message: String(error.message ?? error), code: error.errcode ?? null } });
    }
    if (name === "stop") process.stdout.write("", () => process.exit(0));
}

// Element too lives on when something in the background fails; the reason must not be lost, though.
process.on("unhandledRejection", (reason) => process.stderr.write(`${reason?.stack ?? reason}\n`));

const lines = createInterface({ input: process.stdin });
lines.on("line", obey);
lines.on("close", () => process.exit(0));

// One user's device: logging in, crypto, cross-signing, and what is known of other people's devices. Rooms
// and messages belong in room.mjs.

import { ClientEvent, createClient, SyncState } from "matrix-js-sdk";
import {
    AllDevicesIsolationMode,
    decodeRecoveryKey,
    OnlySignedDevicesIsolationMode,
} from "matrix-js-sdk/lib/crypto-api/index.js";

const SYNC_LIMIT = 100; // as many timeline events per room and sync as Synapse gives

/** Logs in as a new device and syncs once. `strict`: no key to, and no message from, an unsigned device. */
export async function openSession({ homeserver, user, password, strict }) {
    const login = await createClient({ baseUrl: homeserver }).loginRequest({
        type: "m.login.password",
        identifier: { type: "m.id.user", user },
        password,
        initial_device_display_name: "Element's stack",
    });
    const secretStorageKey = {};
    const client = createClient({
        baseUrl: homeserver,
        userId: login.user_id,
        deviceId: login.device_id,
        accessToken: login.access_token,
        cryptoCallbacks: {
            getSecretStorageKey: async ({ keys }) => {
                const keyId = Object.keys(keys)[0];
                return secretStorageKey.bytes ? [keyId, secretStorageKey.bytes] : null;
            },
        },
    });
    await client.initRustCrypto({ useIndexedDB: false });
    const isolation = strict ? new OnlySignedDevicesIsolationMode() : new AllDevicesIsolationMode(false);
    client.getCrypto().setDeviceIsolationMode(isolation);
    await client.startClient({ initialSyncLimit: SYNC_LIMIT, lazyLoadMembers: true });
    await synced(client, () => [SyncState.Prepared, SyncState.Syncing].includes(client.getSyncState()));
    return { client, password, secretStorageKey };
}

/**
 * Signs this device with its owner's cross-signing identity and returns the recovery key.
 *
 * Without `recoveryKey` the identity and the secret storage are made; with it they are taken from the server,
 * as a person does who types the recovery key into a second Element.
 */
export async function sign({ client, password, secretStorageKey }, { recoveryKey }) {
    const crypto = client.getCrypto();
    const storageKey = recoveryKey ? null : await crypto.createRecoveryKeyFromPassphrase();
    secretStorageKey.bytes = recoveryKey ? decodeRecoveryKey(recoveryKey) : storageKey.privateKey;
    // The SDK takes private keys from the secret storage only if it knows the public ones already.
    await crypto.userHasCrossSigningKeys();
    const identifier = { type: "m.id.user", user: client.getUserId() };
    await crypto.bootstrapCrossSigning({
        authUploadDeviceSigningKeys: (request) => request({ type: "m.login.password", identifier, password }),
    });
    if (storageKey) await crypto.bootstrapSecretStorage({ createSecretStorageKey: async () => storageKey });
    return { recoveryKey: recoveryKey ?? storageKey.encodedPrivateKey };
}

/** What the SDK says of a user: is there an identity, was it replaced, which devices did their owner sign. */
export async function trust({ client }, { user }) {
    const crypto = client.getCrypto();
    const devices = (await crypto.getUserDeviceInfo([user], true)).get(user) ?? new Map();
    const signedByOwner = {};
    for (const device of devices.keys()) {
        const status = await crypto.getDeviceVerificationStatus(user, device);
        signedByOwner[device] = status?.signedByOwner ?? false;
    }
    return {
        crossSigned: await crypto.userHasCrossSigningKeys(user, true),
        identityChanged: (await crypto.getUserVerificationStatus(user)).needsUserApproval,
        signedByOwner,
    };
}

/** Resolves at the first sync after which `isTrue()` holds. The asker's own time limit ends a wait in vain. */
export function synced(client, isTrue) {
    return new Promise((resolve) => {
        const look = () => {
            if (!isTrue()) return;
            client.off(ClientEvent.Sync, look);
            resolve();
        };
        client.on(ClientEvent.Sync, look);
        look();
    });
}

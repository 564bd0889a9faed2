/** Certificates of devices: apply, list, renew, revoke. They look like X.509 in PEM and are none. */
import { createHash } from 'node:crypto';
import { ServiceError } from '../../operation.js';
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { certificates, REASONS } from '../../parts/certificates.js';
import type { Certificate } from '../../parts/certificates.js';
import type { Product } from '../../parts/products.js';
import { requireDevice } from './identify.js';
import type { KnownDevice } from './identify.js';

const DAY = 86_400_000;
/** Days where neither the request nor the product says. */
const USUAL_DAYS = 730;
const CSR =
  /^-----BEGIN (NEW )?CERTIFICATE REQUEST-----\r?\n[\s\S]+-----END (NEW )?CERTIFICATE REQUEST-----\s*$/;

function deviceOf({ world }: SimulatorContext, { query }: OperationRequest): KnownDevice {
  return requireDevice(world, query, () => new ServiceError(11404, 'Device cannot be found'));
}

function refused(msg: string): ServiceError {
  return new ServiceError(99400, msg);
}

const applyCertificate: OperationHandler = (request, context) => {
  const { device, product } = deviceOf(context, request);
  const csr = readRequest(request.body['csr']);
  checkUnbound(context, csr, device.assetId);
  const isDouble = [...held(context).values()].some(
    (one) => one.csr === csr && statusOf(one, context.now()) === VALID,
  );
  if (isDouble) {
    throw refused(
      'Duplicate subject by certificate request!message: Duplicate subject, detail message: the request was signed already',
    );
  }
  return { data: issue(context, product, { ...request.body, csr, assetId: device.assetId }) };
};

/** The old one is superseded. Without a request that of the old one is signed again. */
const renewCertificate: OperationHandler = (request, context) => {
  const { device, product } = deviceOf(context, request);
  const old = ownCertificate(context, request, device.assetId);
  const status = statusOf(old, context.now());
  if (status === REVOKED) throw refused('The certificate was revoked; apply for a new one');
  if (status === EXPIRED) throw refused('The certificate has expired; apply for a new one');
  const csr = request.body['csr'] === undefined ? old.csr : readRequest(request.body['csr']);
  checkUnbound(context, csr, device.assetId);
  const data = issue(context, product, { ...request.body, csr, assetId: device.assetId });
  revoke(context, old, 4);
  return { data };
};

const revokeCertificate: OperationHandler = (request, context) => {
  const { device } = deviceOf(context, request);
  const certificate = ownCertificate(context, request, device.assetId);
  if (certificate.revoked !== null) {
    throw refused(
      'Invalid cert request!message: Certificate is revoked, detail message: it cannot be revoked again',
    );
  }
  const { reason } = request.body;
  revoke(context, certificate, typeof reason === 'number' ? reason : 0);
  return { data: null };
};

const listCertificate: OperationHandler = (request, context) => {
  const { device, product } = deviceOf(context, request);
  const now = context.now();
  const own = [...held(context).values()].filter(({ assetId }) => assetId === device.assetId);
  return {
    data: own.reverse().map((one) => ({
      certSN: one.sn,
      // EnOS's sample repeats the number here.
      cert: one.sn,
      certStatus: statusOf(one, now),
      issuer: 'CN=Example CA, O=Example, C=DK',
      subject: `CN=${device.deviceKey}, OU=${product.key}, O=Example, C=DK`,
      signDate: one.signTime,
      effetiveDate: one.signTime,
      expireDate: one.expireTime,
      audit: {
        createBy: context.world.orgId,
        createTime: one.signTime,
        updateBy: context.world.orgId,
        updateTime: one.revoked?.time ?? one.signTime,
        ns: context.world.orgId,
        deleted: false,
      },
      revoker: one.revoked?.by ?? '',
      revokerReason: one.revoked?.reason ?? '',
      isEnosCert: true,
      issueAuthority: one.authority,
    })),
  };
};

function held({ world }: SimulatorContext): Map<string, Certificate> {
  return world.parts.of(certificates);
}

const VALID = 0;
const REVOKED = 1;
const EXPIRED = 2;

function statusOf({ revoked, expireTime }: Certificate, now: number): number {
  if (revoked !== null) return REVOKED;
  return expireTime <= now ? EXPIRED : VALID;
}

function readRequest(csr: unknown): string {
  if (typeof csr === 'string' && CSR.test(csr)) return csr;
  throw refused('Invalid cert request!message: Invalid CSR, detail message: it is not in PEM');
}

/** 11833: a request that was signed for another device is bound to it. */
function checkUnbound(context: SimulatorContext, csr: string, assetId: string): void {
  for (const one of held(context).values()) {
    if (one.csr === csr && one.assetId !== assetId && one.revoked === null)
      throw new ServiceError(11833, 'Certificate is already bound to another device.');
  }
}

function ownCertificate(context: SimulatorContext, { body }: OperationRequest, assetId: string): Certificate {
  const certificate = held(context).get(String(body['certSn']));
  if (certificate?.assetId === assetId) return certificate;
  throw refused('The certificate does not belong to the device');
}

function issue(
  context: SimulatorContext,
  product: Product,
  { csr, assetId, ...body }: { csr: string; assetId: string } & OperationRequest['body'],
): Record<string, unknown> {
  if (!product.certificates) throw refused('The product does not authenticate with certificates');
  const { defaultValidDay, maxValidDay } = product;
  const days = typeof body['validDay'] === 'number' ? body['validDay'] : (defaultValidDay ?? USUAL_DAYS);
  if (days > (maxValidDay ?? USUAL_DAYS))
    throw refused(`Invalid Argument validDay: is above ${maxValidDay ?? USUAL_DAYS}`);
  const authority = (
    (body['issueAuthority'] as string | undefined) ?? 'RSA'
  ).toUpperCase() as Certificate['authority'];
  const all = held(context);
  const last = Math.max(60_000, ...[...all.keys()].map(Number));
  const sn = String(last + 1);
  const signTime = context.now();
  all.set(sn, { sn, assetId, csr, authority, signTime, expireTime: signTime + days * DAY, revoked: null });
  return {
    certChainURL: `https://ca.example.com/enos/CA/cacert/${authority}`,
    caCert: pem(`CA ${authority}`),
    cert: pem(`${sn} ${csr}`),
    certSN: sn,
    issueAuthority: authority,
  };
}

function revoke({ world, now }: SimulatorContext, certificate: Certificate, reason: number): void {
  const revoked = { by: 'IoT_Hub', reason: REASONS[reason] ?? '', time: now() };
  world.parts.of(certificates).set(certificate.sn, { ...certificate, revoked });
}

function pem(content: string): string {
  const body = createHash('sha512')
    .update(content)
    .digest('base64')
    .replace(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

/** Handlers of certificates. */
export const certificateHandlers: ServiceHandlers = {
  applyCertificate,
  listCertificate,
  renewCertificate,
  revokeCertificate,
};

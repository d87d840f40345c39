# SPDX-License-Identifier: GPL-3.0-or-later
"""aiosmtpd as the tests need it: smtp_server.py PORT MAILDIR [CERTIFICATE KEY]. With a certificate it demands STARTTLS
and signs in "desk" with "mail password"; without one it offers neither. It refuses refused@…, puts off later@…, never answers the text for
silent@…, and keeps all other mail."""
import asyncio
import ssl
import sys

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, AuthResult


class Keeper(Mailbox):
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 5.1.1 No such person"
        if address.startswith("later@"):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        if envelope.rcpt_tos[0].startswith("silent@"):
            await asyncio.sleep(3600)
        return answer


def signed_in(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"desk", b"mail password"), handled=False)


async def main(port, maildir, certificate=None, key=None):
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
    handler = Keeper(maildir)

    def session():
        return SMTP(handler, hostname="mail.test", tls_context=tls, require_starttls=tls is not None,
                    auth_required=tls is not None, authenticator=signed_in)

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", int(port))
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))

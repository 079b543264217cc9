"""Words in the names of users that no person has: a user such as `deploy.prod` is a program, in one spelling; and words
that are an initial and a last name by chance.
"""

from __future__ import annotations

_WORDS = """
access account accounts admin administrator agent analytics api app application apps archive audit auth automation
aws backend backup backups batch billing bot build bucket cache ci client cloud cluster cron data database deploy
deployer deployment dev developer devops dns docker email events export ftp gateway github gitlab grafana http
import infra integration internal jenkins jobs kafka kubernetes lambda log logger logging logs machine mail metrics
monitor monitoring network node notification ops pipeline platform postgres preprod prod production proxy public
reader readonly recette redis release replica reply report reports restore role root runner sandbox sauvegarde scan
scanner script secret security server service services sftp shared smtp sql stage staging storage support svc sync
system systeme team terraform test tests tool tools upload user users vault vpn web webhook worker write writer
"""
MACHINES = frozenset(_WORDS.split())
# F. Rance, D. Anger, M. Arche: an initial and a last name make these by chance.
_CHANCE = """
blanche branche broche brochet change charge crochet croche danger direct france frange grange marche master mission
orange planche portable ported tranche trousse
"""
NOBODY = frozenset(_CHANCE.split())
_BEFORE = "de la le les du des d l van von den der ten ter el al ben bin da dos di"
PARTICLES = frozenset(_BEFORE.split())  # stand before a last name, and are none alone

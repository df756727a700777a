from flask import Blueprint

blueprint = Blueprint("caseload", __name__)

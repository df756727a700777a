from flask import Blueprint

blueprint = Blueprint("self_completion", __name__)

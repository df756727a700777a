from flask import Blueprint

blueprint = Blueprint("episodes", __name__)

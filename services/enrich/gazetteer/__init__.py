"""The gazetteer: countries, regions and cities by the names in use.

Data: GeoNames (https://www.geonames.org/, CC BY 4.0), put together by ``tools/build_gazetteer.py``, and tables of our
own beside it; see ``services/enrich/data/README.md``.
"""

from services.enrich.gazetteer.folding import fold, fold_in_place
from services.enrich.gazetteer.loading import load_gazetteer
from services.enrich.gazetteer.places import City, Country, Gazetteer, Region, Term

__all__ = ["City", "Country", "Gazetteer", "Region", "Term", "fold", "fold_in_place", "load_gazetteer"]

// import Nevow.Athena

AthenaTests.StyledBase.Widget = Nevow.Athena.Widget.subclass("AthenaTests.StyledBase.Widget");

// import Nevow.Athena
// import AthenaTests.StyledBase

AthenaTests.Styled.Widget = AthenaTests.StyledBase.Widget.subclass("AthenaTests.Styled.Widget");
